"""The report room: what was made and sent, what waits, and what to do, for people in a browser."""
