"""What of which table is exported, as data: a table that is added has no place until it has one here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, cast

from sqlalchemy import Column, inspect
from sqlalchemy import Table as PlainTable

from metadata_service.tables import (
    Author,
    CameraValues,
    Collection,
    CollectionItem,
    Correction,
    CorrectionBatch,
    Disclosure,
    Event,
    FileLocation,
    ImageFile,
    ImportItem,
    ImportSession,
    Photo,
    PhotoDisclosure,
    PhotoExif,
    PhotoIdentity,
    PhotoPair,
    PhotoPreview,
    PhotoStack,
    PhotoTag,
    Place,
    RawExif,
    SavedSearch,
    Story,
    Table,
    Tag,
)


def plain(table: type[Table]) -> PlainTable:
    """The table without the ORM: rows that nobody changes need none of it."""
    return cast("PlainTable", inspect(table).local_table)


def short(column: str) -> str:
    """The name of a column without what says that it holds an id."""
    return column.removesuffix("_id")


@dataclass(frozen=True)
class Part:
    """Rows that belong to another row and go out inside its line, under `name`; `parent` is the column that says so.

    `refs` are columns that point at an owner's things, by the name of those things.
    """

    name: str
    table: type[Table]
    parent: str
    order: tuple[str, ...]
    is_one: bool = False
    left_out: frozenset[str] = frozenset()
    refs: Mapping[str, str] = field(default_factory=dict)
    parts: tuple["Part", ...] = ()

    @property
    def columns(self) -> list[Column[Any]]:
        """What goes out as it is."""
        without = self.left_out | {"id", "owner_id", self.parent} | self.refs.keys()
        return [column for column in plain(self.table).c if column.name not in without]


@dataclass(frozen=True)
class Thing:
    """What an owner has besides photos, one line each. It is recognised by when it came to be.

    `refs` are columns that point at things that come before it; those in `pointers` point at things of any place in
    the export (`photos` among them), and are set when all are there.
    """

    name: str
    table: type[Table]
    born: str = "created_at"
    changed: str | None = "updated_at"
    refs: Mapping[str, str] = field(default_factory=dict)
    pointers: Mapping[str, str] = field(default_factory=dict)

    @property
    def columns(self) -> list[Column[Any]]:
        """What goes out as it is."""
        without = {"id", "owner_id"} | self.refs.keys() | self.pointers.keys()
        return [column for column in plain(self.table).c if column.name not in without]


BEFORE_PHOTOS: Final = (
    Thing("authors", Author),
    Thing("events", Event, pointers={"parent_event_id": "events"}),
    Thing("places", Place, pointers={"parent_id": "places"}),
    Thing(
        "import_sessions",
        ImportSession,
        born="started_at",
        changed="last_activity_at",
        refs={"default_author_id": "authors"},
    ),
    Thing("stacks", PhotoStack, pointers={"cover_photo_id": "photos"}),
    Thing("correction_batches", CorrectionBatch, changed=None),
)
AFTER_PHOTOS: Final = (
    Thing("collections", Collection),
    Thing("stories", Story),
    Thing("saved_searches", SavedSearch),
)
THINGS: Final = {thing.name: thing for thing in (*BEFORE_PHOTOS, *AFTER_PHOTOS)}

PREVIEW: Final = Part("preview", PhotoPreview, "photo_id", ("photo_id",), is_one=True)
FILES: Final = Part(
    "files",
    ImageFile,
    "photo_id",
    ("id",),
    refs={"import_session_id": "import_sessions"},
    parts=(
        Part("locations", FileLocation, "image_file_id", ("id",)),
        Part("raw_exif", RawExif, "image_file_id", ("image_file_id",), is_one=True),
    ),
)
PHOTO: Final = Part(
    "photos",
    Photo,
    "owner_id",
    ("id",),
    left_out=frozenset({"sort_ts", "coldpreview_key", "coldpreview_width", "coldpreview_height", "coldpreview_size"}),
    refs={
        "author_id": "authors",
        "event_id": "events",
        "import_session_id": "import_sessions",
        "stack_id": "stacks",
    },
    parts=(
        PREVIEW,
        Part("exif", PhotoExif, "photo_id", ("photo_id",), is_one=True),
        Part("identities", PhotoIdentity, "photo_id", ("kind", "value")),
        FILES,
        Part("corrections", Correction, "photo_id", ("id",), refs={"batch_id": "correction_batches"}),
        Part("camera_values", CameraValues, "photo_id", ("photo_id",), is_one=True),
        Part("disclosure", PhotoDisclosure, "photo_id", ("photo_id",), is_one=True),
    ),
)
ITEMS: Final = Part("items", CollectionItem, "collection_id", ("position",), left_out=frozenset({"photo_id"}))

# Their lines are made by hand: tags are known by their names, items of imports are as many as photos, and of pairs
# those go out of which somebody said something.
BY_HAND: Final = (Tag, PhotoTag, ImportItem, Disclosure, PhotoPair)

LEFT_OUT: Final = {
    "abandoned_blobs": "work of this server",
    "analyses": "belongs to an original that this server keeps",
    "analysis_tiles": "belongs to an original that this server keeps",
    "api_keys": "opens this server",
    "dismissed_stacks": "a suggestion may come again",
    "idempotency_keys": "answers that this server gave",
    "invites": "opens this server",
    "login_sessions": "opens this server",
    "partial_uploads": "not here yet",
    "photo_bands": "follows from photos",
    "photo_cells": "follows from photos",
    "photo_days": "follows from photos",
    "photo_merges": "undoing ends with this server; what was united stays so",
    "photo_spaces": "others' membership ends with this server; spaces are noted",
    "place_events": "belongs to an original that this server keeps",
    "provider_identities": "opens this server",
    "reparse_differences": "work of this server",
    "reparse_runs": "work of this server",
    "security_events": "happened on this server",
    "share_link_photos": "a link leads to this server",
    "share_links": "a link leads to this server; they are noted",
    "shared_days": "follows from photos",
    "space_days": "follows from photos",
    "space_invites": "opens this server",
    "space_members": "others' membership ends with this server",
    "spaces": "others' membership ends with this server; they are noted",
    "stray_objects": "work of this server",
    "upload_sessions": "belongs to originals that this server keeps",
    "unpaired_photos": "work of this server",
    "upload_jobs": "work of this server",
    "uploads": "the originals themselves go out; what was done with them here does not",
    "users": "the name and the address are in the manifest; the password stays here",
}
"""Tables that do not go out, and why."""
