"""What whoever works on uploads has at hand."""

from dataclasses import dataclass, field

from metadata_service.analysis.port import Models
from metadata_service.core_client import CoreClient
from metadata_service.db.engine import Database
from metadata_service.storage import BlobStore


@dataclass(frozen=True, slots=True)
class Bench:
    """The database, the store, core_service and its seconds for one original, and models, if there are any."""

    database: Database
    blobs: BlobStore
    core: CoreClient
    core_seconds: float
    models: Models = field(default_factory=lambda: Models(None))
