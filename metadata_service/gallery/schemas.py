"""How a list of photos is asked for."""

from typing import Annotated

from pydantic import Field

from metadata_service.paging import MAX_LIMIT, MAX_OFFSET
from metadata_service.photos.criteria import Criteria
from metadata_service.photos.order import Order, SortBy, SortOrder


class Listing(Criteria):
    """Which photos, in which order, and which page of them."""

    sort_by: SortBy = Field(default="taken", description="When it was taken, when it came, or its rating.")
    sort_order: SortOrder = "desc"
    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT)] = 50
    cursor: Annotated[str | None, Field(max_length=64, description="`next_cursor` of the page before.")] = None
    offset: Annotated[int | None, Field(ge=0, le=MAX_OFFSET, description="For older clients; slow when deep.")] = None
    page: Annotated[int | None, Field(ge=1, le=MAX_OFFSET, description="The same, counted in pages from 1.")] = None
    exact_total: bool = Field(default=False, description="Count beyond a thousand even when photos are filtered.")

    @property
    def order(self) -> Order:
        """The order of the list."""
        return Order.of(self.sort_by, self.sort_order)

    @property
    def skipped(self) -> int | None:
        """How many photos come before the page; None when it is not asked for by number."""
        if self.offset is None and self.page is not None:
            return min((self.page - 1) * self.limit, MAX_OFFSET)
        return self.offset

    def is_open(self) -> bool:
        """Whether every photo of the look is listed."""
        criteria = {name: getattr(self, name) for name in Criteria.model_fields}
        return Criteria.model_construct(**criteria).is_open()
