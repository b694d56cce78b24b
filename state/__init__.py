"""What a tab looks at, and handlers of a few lines that call a service."""
