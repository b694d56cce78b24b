"""Functions that return components; every fragment has its own name."""
