"""A worker that serves nothing and says what the supervisor waits for: `pretended_worker.py FOLDER LISTENER CONTROL`.

How the next ones behave stands in FOLDER/behaviour: `good`, `fails` or `hangs` before it serves, `ends` soon after,
`mute` once it serves, or `stubborn` when told to end.
"""

import signal
import socket
import sys
import time
from pathlib import Path
from types import FrameType

ALIVE_EVERY_SECONDS = 0.05


def end(number: int, frame: FrameType | None) -> None:
    del number, frame
    sys.exit(0)


def main() -> None:
    folder, _, control_number = sys.argv[1:]
    behaviour = (Path(folder) / "behaviour").read_text()
    signal.signal(signal.SIGTERM, signal.SIG_IGN if behaviour == "stubborn" else end)
    control = socket.socket(fileno=int(control_number))
    if behaviour == "fails":
        sys.exit(3)
    while behaviour == "hangs":
        time.sleep(ALIVE_EVERY_SECONDS)
    control.sendall(b"r")
    if behaviour == "ends":
        sys.exit(4)
    while True:
        time.sleep(ALIVE_EVERY_SECONDS)
        if behaviour != "mute":
            control.sendall(b".")


if __name__ == "__main__":
    main()
