"""What has to be there before workers of another version start: `python -m rxapp.preparation` prints the page's folder.

A process of its own, so that it is the code on the disk that migrates and builds, and not that of a server which runs.
"""

import sys

from rxapp.build import ensure_built
from rxapp.operator_error import OperatorError
from rxapp.running_database import migrated_database
from rxapp.settings import load_settings


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def main() -> int:
    """Migrate and build; 1 when that is not possible."""
    try:
        with migrated_database(load_settings(), _say):
            print(ensure_built(_say))
    except OperatorError as error:
        _say(f"confab: {error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
