"""Reads what a query says of days and instants."""

from datetime import UTC, date, datetime, time, timedelta

from service_kit.errors import InvalidRequestError
from shared_schemas.problem import FieldError


def instant(name: str, said: str | None, *, end: bool = False) -> datetime | None:
    """Read an instant, or a day, which is meant whole: as the `end` of a range it is the beginning of the next day."""
    if not said:
        return None
    try:
        if len(said) <= len("2026-11-01"):
            begins = datetime.combine(date.fromisoformat(said), time(), UTC)
            return begins + timedelta(days=1) if end else begins
        found = datetime.fromisoformat(said)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        wrong = f"{name}: must be a day, such as 2026-11-01, or an instant."
        fields = [FieldError(loc=["query", name], msg="must be a day or an instant.")]
        raise InvalidRequestError(wrong, errors=fields) from error
