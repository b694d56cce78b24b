"""Make `.venv` hold the pinned packages, and do nothing when it does already.

    python3 .ci/prepare.py requirements.txt

Runs before anything is installed, so it uses the standard library only.
"""

import configparser
import fcntl
import hashlib
import os
import re
import ssl
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
VENV = PROJECT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
# Debian ships Python without ensurepip; then pip itself is fetched, this very file.
PIP_WHEEL = "pip-26.3-py3-none-any.whl"
PIP_SHA256 = "f3b60b20ffaadd4415ed7957212a38ac63fa4c5fa375bd0f4a797777940fad13"
DEFAULT_INDEX = "https://pypi.org/simple"
TIMEOUT_SECONDS = 60


class PrepareError(Exception):
    """One line: what happened, what was expected, what to do next."""


def prepare(requirements: Path) -> None:
    """Bring `.venv` up to date; several processes may call at once."""
    wanted = fingerprint(requirements)
    stamp = VENV / f".{requirements.name}.installed"
    if is_current(stamp, wanted):
        return
    try:
        with (PROJECT / ".venv.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if is_current(stamp, wanted):  # another process did it while we waited
                return
            if not works(VENV_PYTHON, "import sys; sys.exit(sys.version_info < (3, 11))"):
                make_venv()
            if not works(VENV_PYTHON, "import pip"):
                install_pip()
            install(requirements)
            stamp.write_text(wanted)
    except OSError as error:
        raise PrepareError(
            f"{error.filename or PROJECT} cannot be written ({error.strerror}): start once as the owner of {PROJECT}."
        ) from error


def fingerprint(requirements: Path) -> str:
    """A hash of the file and of those it includes."""
    text = requirements.read_text()
    included = re.findall(r"^-r\s+(\S+)", text, re.MULTILINE)
    parts = [text, *(fingerprint(requirements.with_name(name)) for name in included)]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def is_current(stamp: Path, wanted: str) -> bool:
    """Whether just these packages were installed, into a Python that still works."""
    return stamp.exists() and stamp.read_text() == wanted and works(VENV_PYTHON, "")


def works(python: Path, code: str) -> bool:
    """Whether a Python is there and runs the code without an error."""
    return (
        python.exists() and subprocess.run([python, "-c", code], stderr=subprocess.DEVNULL, check=False).returncode == 0
    )


def make_venv() -> None:
    """A fresh environment, without pip where this Python cannot bring it."""
    say("Making a Python environment in .venv")
    command: list[str | Path] = [sys.executable, "-m", "venv", "--clear", VENV]
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode != 0:
        done = subprocess.run([*command, "--without-pip"], capture_output=True, check=False)
    if done.returncode != 0:
        reason = b"".join((done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]).decode()
        raise PrepareError(
            f"The Python environment could not be made ({reason}): install the package python3-venv, or set "
            "PYTHON to another Python."
        )


def install_pip() -> None:
    """Fetch the pinned pip and let it install itself: a wheel can be run."""
    index, certificates = pip_configuration()
    say(f"Fetching pip from {urllib.parse.urlsplit(index).hostname}")
    context = ssl.create_default_context(cafile=certificates)
    try:
        page = f"{index.rstrip('/')}/pip/"
        links = re.findall(r"""href=["']([^"']+)["']""", fetch(page, context).decode())
        link = next((link for link in links if Path(urllib.parse.urlsplit(link).path).name == PIP_WHEEL), None)
        if link is None:
            raise PrepareError(
                f"{PIP_WHEEL} is not on {page}: install the package python3-venv, which brings a pip of its own."
            )
        wheel = fetch(urllib.parse.urljoin(page, link), context)
    except (urllib.error.URLError, TimeoutError) as error:
        raise PrepareError(
            f"pip could not be fetched from {index} ({getattr(error, 'reason', error)}): connect to the network, "
            "set PIP_INDEX_URL to a mirror, "
            "or install the package python3-venv."
        ) from error
    if hashlib.sha256(wheel).hexdigest() != PIP_SHA256:
        raise PrepareError(
            f"{PIP_WHEEL} from {index} is not the expected file: use another mirror (PIP_INDEX_URL), or install "
            "the package python3-venv."
        )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, PIP_WHEEL)
        path.write_bytes(wheel)
        run_pip([VENV_PYTHON, path / "pip", "install", "-qq", "--no-index", path])


def pip_configuration() -> tuple[str, str | None]:
    """Index and certificates as pip itself would take them: environment first, then its files."""
    parser = configparser.ConfigParser(interpolation=None)
    home = Path.home()
    parser.read(
        [
            "/etc/pip.conf",
            home / ".pip" / "pip.conf",
            home / ".config" / "pip" / "pip.conf",
            os.environ.get("PIP_CONFIG_FILE", os.devnull),
        ]
    )
    index = os.environ.get("PIP_INDEX_URL") or parser.get("global", "index-url", fallback=None)
    return index or DEFAULT_INDEX, os.environ.get("PIP_CERT") or parser.get("global", "cert", fallback=None)


def fetch(url: str, context: ssl.SSLContext) -> bytes:
    """The body at an address, with the user and password that it names and the proxies of the environment."""
    parts = urllib.parse.urlsplit(url)
    passwords = urllib.request.HTTPPasswordMgrWithPriorAuth()
    plain = url
    if parts.username:
        plain = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
        passwords.add_password(
            None,
            plain,
            urllib.parse.unquote(parts.username),
            urllib.parse.unquote(parts.password or ""),
            is_authenticated=True,
        )
    opener = urllib.request.build_opener(
        urllib.request.HTTPSHandler(context=context), urllib.request.HTTPBasicAuthHandler(passwords)
    )
    with opener.open(urllib.request.Request(plain, headers={"Accept": "text/html"}), timeout=TIMEOUT_SECONDS) as answer:
        body: bytes = answer.read()
    return body


def install(requirements: Path) -> None:
    """Install what the file pins."""
    say(f"Installing the packages of {requirements.name} (a minute or two the first time)")
    run_pip([VENV_PYTHON, "-m", "pip", "install", "-qq", "--disable-pip-version-check", "-r", requirements])


def run_pip(command: list[str | Path]) -> None:
    """Run pip, whose own words say what is wrong."""
    environment = {**os.environ, "PIP_ROOT_USER_ACTION": "ignore", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    if subprocess.run(command, env=environment, check=False).returncode != 0:
        raise PrepareError(
            "The packages could not be installed: the reason is in pip's lines above. Correct it and start again."
        )


def say(line: str) -> None:
    """Progress goes to standard error: standard output belongs to the command."""
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        prepare(PROJECT / sys.argv[1])
    except PrepareError as problem:
        sys.exit(f"confab: {problem}")
    except KeyboardInterrupt:
        sys.exit(130)
