"""Who was sent what: create-only objects, and the states that follow from them."""
