"""The commands, one a file: `NAME`, `HELP`, `add_arguments` and `run`."""
