"""A photo of an export on its way into a library, and what it is there."""

from dataclasses import dataclass
from typing import Any

from metadata_service.exports.records import Record
from metadata_service.photos.coldpreview import StoredColdpreview


@dataclass(slots=True)
class Arrival:
    """A photo of the export: its record, its row, and the photo of the library that it is, if there is one."""

    record: Record
    row: Record
    known: Any = None
    cold: StoredColdpreview | None = None

    @property
    def is_the_same(self) -> bool:
        """Whether the library's photo came from this very one, or this one from it."""
        return self.known is not None and bool(self.known.created_at == self.row["created_at"])

    @property
    def is_newer(self) -> bool:
        """Whether the export saw the same photo changed later than the library did."""
        return self.is_the_same and bool(self.row["updated_at"] > self.known.updated_at)

    @property
    def is_welcome(self) -> bool:
        """Whether there is anything to do."""
        return self.known is None or self.is_newer or not self.is_the_same
