"""Every sentence people read, by key."""
