"""Saved searches on the wire."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from metadata_service.gallery.schemas import Listing
from shared_schemas.json_safe import JsonObject, LongText, ShortText


def _askable(criteria: dict[str, Any]) -> dict[str, Any]:
    """Keep criteria as they were sent, if `POST /photos/search` would take them."""
    try:
        Listing.model_validate(criteria)
    except ValidationError as error:
        wrong = error.errors()[0]
        raise ValueError(f"{'.'.join(map(str, wrong['loc']))}: {wrong['msg']}") from error
    return criteria


_Criteria = Annotated[JsonObject, AfterValidator(_askable), Field(description="As in `POST /photos/search`.")]


class NewSearch(BaseModel):
    """A search and its name."""

    model_config = ConfigDict(extra="forbid")

    name: ShortText = Field(min_length=1, examples=["Best of 2024"])
    description: LongText | None = None
    search_criteria: _Criteria
    is_favorite: bool = Field(default=False, strict=True)


class SearchChange(NewSearch):
    """What to change; fields that are left out stay as they are."""

    name: ShortText = Field(default="", min_length=1)
    search_criteria: _Criteria = {}


class SearchOut(BaseModel):
    """A saved search, and what came of it when it was last executed."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    user_id: int = Field(validation_alias="owner_id")
    name: str
    description: str | None
    search_criteria: dict[str, Any]
    is_favorite: bool
    result_count: int | None
    last_executed: datetime | None
    created_at: datetime
    updated_at: datetime


class SearchList(BaseModel):
    """One page of saved searches."""

    searches: list[SearchOut]
    total: int
    offset: int
    limit: int
