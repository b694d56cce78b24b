"""How many sockets one person and one address may have open at this worker."""

from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager

from rxapp.live.limits import network_of


class SocketCount:
    """Who has how many."""

    def __init__(self, *, per_account: int, per_address: int) -> None:
        self._per_account = per_account
        self._per_address = per_address
        self._open: Counter[object] = Counter()

    def __len__(self) -> int:
        return len(self._open)

    def of(self, key: object) -> int:
        """How many a person or an address has."""
        return self._open.get(key, 0)

    @contextmanager
    def one_more(self, *, account: object | None, address: str) -> Generator[bool]:
        """Whether there is room for one more, which counts until the block ends."""
        most = {network_of(address): self._per_address}
        if account is not None:
            most[str(account)] = self._per_account
        if any(self.of(key) >= limit for key, limit in most.items()):
            yield False
            return
        self._open.update(most.keys())
        try:
            yield True
        finally:
            self._open.subtract(most.keys())
            for key in most:
                if self._open[key] <= 0:
                    del self._open[key]
