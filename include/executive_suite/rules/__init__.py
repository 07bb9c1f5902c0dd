"""What the rules find in the facts, and the agendas that follow."""
