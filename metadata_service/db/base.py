"""The declarative base, with names for every constraint, so that migrations can name them too."""

from datetime import datetime
from typing import Any, ClassVar, Final

from sqlalchemy import JSON, BigInteger, Integer, MetaData
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase

from metadata_service.db.types import UtcDateTime

NAMING_CONVENTION: Final = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

# SQLite numbers rows by itself only in a column of exactly INTEGER.
BigId = BigInteger().with_variant(Integer(), "sqlite")

# SQLite would give a deleted row's number to the next one: old tokens would name new users, and pictures that
# browsers keep under an id would be shown for another photo.
NEVER_REUSE_IDS: Final[dict[str, Any]] = {"sqlite_autoincrement": True}


class Table(DeclarativeBase):
    """Base of all tables: 64-bit integers, instants in UTC, JSON as the database does it best."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        int: BigInteger(),
        datetime: UtcDateTime(),
        dict[str, Any]: JSON().with_variant(JSONB(), "postgresql"),
        list[Any]: JSON().with_variant(JSONB(), "postgresql"),
    }
