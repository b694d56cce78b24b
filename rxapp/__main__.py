"""`python -m rxapp`: the command line."""

import sys

from rxapp.cli.main import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
