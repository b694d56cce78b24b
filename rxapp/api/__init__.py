"""HTTP routes, one resource a file, each a short caller of a service."""
