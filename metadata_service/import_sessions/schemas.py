"""Import sessions on the wire, in every spelling that clients use."""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, AliasChoices, BaseModel, ConfigDict, Field

from metadata_service.tables import ImportSession
from shared_schemas.json_safe import LongText, ShortText, safe_text
from shared_schemas.photoegg import MAX_INT32

Status = Literal["in_progress", "completed", "cancelled", "failed", "stale"]
Count = Annotated[int, Field(ge=0, le=MAX_INT32, strict=True)]
PathText = Annotated[str, Field(max_length=4096), AfterValidator(safe_text)]
Counter = Literal["imported", "duplicates_skipped", "errors"]


class NewImport(BaseModel):
    """What a client is about to import."""

    model_config = ConfigDict(extra="forbid")

    source_path: PathText | None = None
    source_description: LongText | None = None
    title: ShortText | None = None
    description: LongText | None = None
    default_author_id: int | None = Field(default=None, ge=1, le=2**63 - 1)
    total_files_estimated: Count = 0


class ChannelChange(BaseModel):
    """What to say of an input channel; fields that are left out stay as they are."""

    model_config = ConfigDict(extra="forbid")

    title: ShortText | None = None
    description: LongText | None = None
    default_author_id: int | None = Field(default=None, ge=1, le=2**63 - 1)


class Progress(BaseModel):
    """How far the client says it has come. The `*_increment` fields are for clients that count by themselves."""

    model_config = ConfigDict(extra="forbid")

    files_processed: Count | None = None
    current_file: PathText | None = None
    total_files_found: Count | None = None
    title: ShortText | None = None
    description: LongText | None = None
    status: Literal["completed", "cancelled", "failed"] | None = None
    images_imported_increment: Count = Field(
        default=0, validation_alias=AliasChoices("images_imported_increment", "imported_increment")
    )
    duplicates_skipped_increment: Count = 0
    errors_increment: Count = 0


class ImportOut(BaseModel):
    """An import session. The counts are of what was really stored; for clients that send no session id with their
    photos, of what they said.
    """

    id: int
    import_id: int
    status: Status
    source_path: str | None
    source_description: str | None
    title: str | None
    description: str | None
    default_author_id: int | None
    total_files_found: int
    files_processed: int
    current_file: str | None
    images_imported: int
    duplicates_skipped: int
    errors_count: int
    started_at: datetime
    last_activity_at: datetime
    completed_at: datetime | None
    message: str | None = None

    @classmethod
    def of(cls, row: ImportSession, status: Status, message: str | None = None) -> Self:
        """Tell the owner about their import."""
        counted = (row.images_imported, row.duplicates_skipped, row.errors_count)
        claimed = (row.claimed_imported, row.claimed_duplicates, row.claimed_errors)
        imported, duplicates, errors = counted if any(counted) else claimed
        return cls(
            id=row.id,
            import_id=row.id,
            status=status,
            source_path=row.source_path,
            source_description=row.source_description,
            title=row.title,
            description=row.description,
            default_author_id=row.default_author_id,
            total_files_found=row.total_files_found,
            files_processed=max(row.files_processed, imported + duplicates + errors),
            current_file=row.current_file,
            images_imported=imported,
            duplicates_skipped=duplicates,
            errors_count=errors,
            started_at=row.started_at,
            last_activity_at=row.last_activity_at,
            completed_at=row.completed_at,
            message=message,
        )


class ItemOut(BaseModel):
    """What an import did with one thing."""

    model_config = ConfigDict(from_attributes=True)

    key: str = Field(description="The hothash; for what could not be read, its name.")
    outcome: Literal["imported", "duplicate", "error"]
    photo_id: int | None
    filename: str | None
    detail: str | None
