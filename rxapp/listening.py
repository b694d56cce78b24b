"""The socket to serve on, taken before anything slow happens."""

import errno
import socket
from collections.abc import Generator
from contextlib import contextmanager

from rxapp.operator_error import OperatorError
from rxapp.settings import Settings


@contextmanager
def listening_socket(settings: Settings) -> Generator[socket.socket]:
    """Listen on the address of the settings; raises OperatorError when it is taken or not this machine's.

    Whoever connects before anything is served waits.
    """
    host = settings.host.strip("[]")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, settings.port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror as error:
        raise OperatorError(
            f"HOST {settings.host} is no address ({error.strerror}): use 127.0.0.1, or 0.0.0.0 for all networks."
        ) from error
    with socket.socket(family, kind, protocol) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(address)
            # Now, not when it serves: until somebody listens, two starts may bind the same port.
            listener.listen()
        except OSError as error:
            raise _refused(settings, error) from error
        yield listener


def _refused(settings: Settings, error: OSError) -> OperatorError:
    match error.errno:
        case errno.EADDRINUSE:
            return OperatorError(
                f"Port {settings.port} on {settings.host} is taken by another program: stop that one, or set "
                "PORT to a free port."
            )
        case errno.EACCES:
            return OperatorError(
                f"Port {settings.port} is reserved for root: set PORT to one above 1023 and put a proxy before it."
            )
        case _:
            return OperatorError(
                f"Cannot listen on {settings.host}:{settings.port} ({error.strerror}): set HOST to an address of "
                "this machine."
            )
