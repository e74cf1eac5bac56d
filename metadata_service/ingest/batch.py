"""Keeps many photos in one request. Each stands for itself: one that is refused harms no other."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.accounts.errors import QuotaExceededError
from metadata_service.db.errors import named
from metadata_service.import_sessions import service as imports
from metadata_service.import_sessions.service import Outcome
from metadata_service.ingest.arrival import Arrival, from_egg
from metadata_service.ingest.errors import ItemRefusedError
from metadata_service.ingest.old_shapes import OldGroup, from_group
from metadata_service.ingest.references import refuse_unknown
from metadata_service.ingest.schemas import NewPhoto
from metadata_service.ingest.service import Colds, Kept, keep
from service_kit.errors import InvalidRequestError, ServiceError
from service_kit.problems import field_errors, summary

Result = Kept | ServiceError


@dataclass(frozen=True, slots=True)
class Items:
    """The batch, read: what arrived by index, and what was refused at the door."""

    arrivals: dict[int, Arrival]
    refusals: dict[int, ServiceError]
    labels: list[str]


def read_items(eggs: Sequence[Any], groups: Sequence[Any], import_session_id: int | None) -> Items:
    """Validate and prove each item by itself: eggs first, then groups, numbered through."""
    items = Items({}, {}, [])
    for index, given in enumerate([*eggs, *groups]):
        items.labels.append(_label(given, index))
        try:
            items.arrivals[index] = (
                _egg(given, import_session_id) if index < len(eggs) else _group(given, import_session_id)
            )
        except ServiceError as error:
            items.refusals[index] = error
        except ValidationError as error:
            fields = field_errors(error.errors(), prefix=("body",))
            items.refusals[index] = InvalidRequestError(summary(fields), errors=fields)
    return items


def _egg(given: Any, import_session_id: int | None) -> Arrival:
    arrival = from_egg(NewPhoto.model_validate(given))
    if arrival.columns["import_session_id"] is None:
        arrival.columns["import_session_id"] = import_session_id
    return arrival


def _group(given: Any, import_session_id: int | None) -> Arrival:
    return from_group(OldGroup.model_validate(given), import_session_id)


def _label(given: Any, index: int) -> str:
    """How a person would call the item."""
    egg = given.get("photo_egg", given) if isinstance(given, dict) else {}
    names = (egg.get(name) for name in ("basename", "primary_filename")) if isinstance(egg, dict) else ()
    return next((name[:255] for name in names if isinstance(name, str) and name), f"item {index}")


async def keep_all(
    session: AsyncSession, owner_id: int, items: Items, colds: Colds, import_session_id: int | None
) -> dict[int, Result]:
    """Keep what arrived; give what became of each item, and tell the import session of those that failed."""
    indices = list(items.arrivals)
    cold_of = dict(zip(indices, colds, strict=True))
    unknown = await refuse_unknown(session, owner_id, list(items.arrivals.values()))
    results: dict[int, Result] = {**items.refusals, **{indices[at]: error for at, error in unknown.items()}}
    sound = [index for index in indices if index not in results]
    results |= await _keep_isolated(session, owner_id, items.arrivals, cold_of, sound)
    if import_session_id is not None:
        failed = [(index, result) for index, result in results.items() if isinstance(result, ServiceError)]
        await _record_failures(session, owner_id, import_session_id, items.labels, failed)
    return results


async def _keep_isolated(
    session: AsyncSession, owner_id: int, arrivals: dict[int, Arrival], colds: dict[int, Any], wanted: list[int]
) -> dict[int, Result]:
    """Keep all at once; if the database refuses something, or not all fit, halve until what is refused stands alone."""
    if not wanted:
        return {}
    try:
        async with session.begin_nested():
            kept = await keep(session, owner_id, [arrivals[at] for at in wanted], [colds[at] for at in wanted])
    except (DBAPIError, QuotaExceededError) as error:
        if named(error) is not None:  # busy, full, away: a bad day, not a bad item
            raise
        if len(wanted) == 1:
            return {wanted[0]: error if isinstance(error, QuotaExceededError) else ItemRefusedError()}
        middle = len(wanted) // 2
        first = await _keep_isolated(session, owner_id, arrivals, colds, wanted[:middle])
        return first | await _keep_isolated(session, owner_id, arrivals, colds, wanted[middle:])
    return dict(zip(wanted, kept, strict=True))


async def _record_failures(
    session: AsyncSession,
    owner_id: int,
    import_session_id: int,
    labels: Sequence[str],
    failed: Sequence[tuple[int, ServiceError]],
) -> None:
    if not failed:
        return
    await imports.get(session, owner_id, import_session_id)
    outcomes = [
        Outcome(key=f"name:{labels[index]}"[:255], outcome="error", filename=labels[index], detail=error.detail)
        for index, error in failed
    ]
    await imports.record(session, import_session_id, outcomes)
