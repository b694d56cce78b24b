"""Ops, rooms, ordering and delivery: the only code that knows sockets."""
