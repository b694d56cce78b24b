"""REST: one resource a file, handlers of a few lines that call the services the page calls."""
