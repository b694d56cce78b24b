"""The app on a socket of its own, without pages: `python -m tests.access.serving`, with DATABASE_URL set.

Prints the port once it answers; ends with SIGTERM.
"""

import os
import socket
import sys

import uvicorn
from reflex_base.constants import Env
from reflex_base.environment import environment

from rxapp.observability.logs import configure_logging
from rxapp.settings import get_settings


class Announcing(uvicorn.Server):
    """Says its port when it serves."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started and sockets:
            sys.stdout.write(f"{sockets[0].getsockname()[1]}\n")
            sys.stdout.flush()


def main() -> None:
    """Serve until told to stop."""
    configure_logging(get_settings())
    environment.REFLEX_ENV_MODE.set(Env.PROD)
    environment.REFLEX_SKIP_COMPILE.set(True)
    os.environ["REFLEX_TELEMETRY_ENABLED"] = "false"
    os.environ["REFLEX_STATE_MANAGER_MODE"] = "memory"
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config("rxapp.rxapp:app", factory=True, lifespan="on", access_log=False, log_config=None)
    Announcing(config).run(sockets=[listener])


if __name__ == "__main__":
    main()
