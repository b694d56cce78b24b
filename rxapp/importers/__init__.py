"""Readers of other systems' exports. They read files and know no database."""
