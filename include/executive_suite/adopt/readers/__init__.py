"""What each kind of file says, in the terms of ``reading``; one module a kind, none knows another."""
