"""How a list of photos is asked for."""

import calendar
from datetime import date, datetime, time
from typing import Annotated, Self

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

    def within(self, year: int, month: int | None = None, day: int | None = None, hour: int | None = None) -> Self:
        """The same, of one period only; raise `ValueError` for a day that the month does not have."""
        last_month = month or 12
        last_day = day or calendar.monthrange(year, last_month)[1]
        first = datetime.combine(date(year, month or 1, day or 1), time(hour or 0))
        last = datetime.combine(date(year, last_month, last_day), time.max)
        if hour is not None:
            last = last.replace(hour=hour)
        given = {
            "taken_after": max(self.taken_after or first, first),
            "taken_before": min(self.taken_before or last, last),
        }
        return self.model_copy(update=given)

    def is_open(self) -> bool:
        """Whether every photo of the look is listed."""
        criteria = {name: getattr(self, name) for name in Criteria.model_fields}
        return Criteria.model_construct(**criteria).is_open()
