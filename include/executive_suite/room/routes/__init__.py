"""One module per part of the room: what it answers under which address."""
