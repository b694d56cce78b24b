"""What every mapped table shares: the metadata, the column kinds and the ids."""

import os
import time
from datetime import datetime
from typing import Annotated
from uuid import UUID

from sqlalchemy import DateTime, MetaData, Text, Uuid, func
from sqlalchemy.orm import DeclarativeBase, mapped_column

PRIVATE = "private"

Id = Annotated[UUID, mapped_column(Uuid, primary_key=True)]
CreatedAt = Annotated[datetime, mapped_column(DateTime(timezone=True), server_default=func.now())]
Moment = Annotated[datetime, mapped_column(DateTime(timezone=True))]
Words = Annotated[str, mapped_column(Text)]


class Base(DeclarativeBase):
    """The mapped tables. The schema itself is SQL, in db/supabase/migrations."""

    metadata = MetaData()


def new_id() -> UUID:
    """A UUIDv7 (RFC 9562, 5.7): ids made later sort later."""
    milliseconds = time.time_ns() // 1_000_000
    value = (milliseconds & ((1 << 48) - 1)) << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | (0x7 << 76)
    value = value & ~(0x3 << 62) | (0x2 << 62)
    return UUID(int=value)
