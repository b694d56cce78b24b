"""What is said of a change to one message, the same for everybody who looks at its channel."""

from collections.abc import Sequence

from rxapp.live.ops import Op
from rxapp.services.badges import Badge
from rxapp.services.views import View


def message_op(kind: str, view: View, author: View | None = None, mentioned: Sequence[View] = ()) -> Op:
    """The op of a change. It brings along who may be new to its reader: author and people mentioned."""
    op: Op = {"k": kind, "ch": view["ch"], "rev": view["rev"], "m": view}
    if author is not None:
        op["u"] = author
    if mentioned:
        op["us"] = list(mentioned)
    return op


def with_badge(op: Op, last_post_seq: int, badge: Badge) -> Op:
    """The op of a change that moves the channel's newest message: who looks at it gets no tick."""
    return {**op, "last": last_post_seq, **badge}
