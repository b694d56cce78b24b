"""The other workers as the hub needs them."""

from typing import Any, Protocol


class Others(Protocol):
    """The other workers of the installation; `rxapp.live.bus` has them, `Hub.hear` is what they hear with."""

    @property
    def is_whole(self) -> bool:
        """Whether what is said reaches them, and what they say reaches us."""
        ...

    def say(self, kind: str, *words: Any) -> None:
        """Say something to all of them, in the order of saying, without waiting. Words are JSON, or ids."""
        ...

    async def ask(self, kind: str, *words: Any) -> list[Any]:
        """Say something and wait until all have heard it; gives what they answer."""
        ...


class NoOthers:
    """Where one worker is all there is."""

    is_whole = True

    def say(self, kind: str, *words: Any) -> None:
        """Nobody is there."""

    async def ask(self, kind: str, *words: Any) -> list[Any]:
        """Nobody is there."""
        return []
