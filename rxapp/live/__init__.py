"""Live traffic: ops, rooms, ordering, delivery. The only code that knows sockets."""
