"""How many files a process may have open: each tab is one."""

import logging
import resource

WANTED_OPEN_FILES = 65_536
# Tabs come back all at once after a restart; the rest is for the database, the page and requests.
LEAST_OPEN_FILES = 4_096

log = logging.getLogger(__name__)


def allow_many_open_files() -> None:
    """Take as much as the system lets one have without asking anybody; workers inherit it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = WANTED_OPEN_FILES if hard == resource.RLIM_INFINITY else min(WANTED_OPEN_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    if wanted < LEAST_OPEN_FILES:
        log.warning("Only %d files may be open at once, and each tab is one: raise the limit (ulimit -n)", wanted)
