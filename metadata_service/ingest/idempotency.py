"""Answers a repeated request with what it was answered before (`Idempotency-Key`, as the IETF draft describes it)."""

import hashlib
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from metadata_service.db.types import utc_now
from metadata_service.db.upsert import insert_new
from metadata_service.ingest.errors import IdempotencyKeyReusedError
from metadata_service.tables import IdempotencyKey

_KEPT_FOR: Final = timedelta(days=2)


async def earlier_answer(session: AsyncSession, owner_id: int, key: str, body: bytes) -> dict[str, Any] | None:
    """What this very request was answered; raise `IdempotencyKeyReusedError` when the key meant another one."""
    found = await session.get(IdempotencyKey, (owner_id, key))
    if found is None:
        return None
    if found.request_sha256 != _digest(body):
        raise IdempotencyKeyReusedError
    return found.answer


async def remember(session: AsyncSession, owner_id: int, key: str, body: bytes, answer: dict[str, Any]) -> None:
    """Keep the answer with what it answers, and drop old ones."""
    row = {
        "owner_id": owner_id,
        "key": key,
        "request_sha256": _digest(body),
        "answer": answer,
        "created_at": utc_now(),
    }
    await session.execute(insert_new(session, IdempotencyKey), [row])
    await session.execute(delete(IdempotencyKey).where(IdempotencyKey.created_at < utc_now() - _KEPT_FOR))


def _digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
