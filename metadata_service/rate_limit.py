"""Counts attempts, so that nobody guesses for long: in memory, or in Redis where several processes must count together.

A route names a `Limit` and who is to be counted, by itself; where a limit is reached, the answer is 429 and says when
to try again.
"""

import math
import time
from dataclasses import dataclass
from typing import Annotated, Final, NoReturn

import structlog
from fastapi import Depends, Request
from limits import RateLimitItem, RateLimitItemPerSecond
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from redis.exceptions import RedisError

from service_kit.errors import ServiceError

log = structlog.get_logger(__name__)

_REDIS_SECONDS: Final = 1.0


class TooManyAttemptsError(ServiceError):
    """Somebody tries too often."""

    slug = "too-many-attempts"
    title = "Too many attempts"
    status = 429


@dataclass(frozen=True, slots=True)
class Limit:
    """So many attempts in so many seconds; `name` keeps counts of different things apart."""

    name: str
    attempts: int
    seconds: int

    @property
    def item(self) -> RateLimitItem:
        """The same for the library that counts."""
        return RateLimitItemPerSecond(self.attempts, self.seconds, namespace=self.name)


class RateLimiter:
    """Counts in a window that slides with time: at no moment does a new window give all attempts back."""

    def __init__(self, redis_url: str | None = None, *, is_on: bool = True) -> None:
        """Count in Redis if there is a URL of one; off, count nothing."""
        self._is_on = is_on
        self._memory = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._shared = self._memory
        if redis_url:
            storage = RedisStorage(
                f"async+{redis_url}",
                implementation="redispy",
                socket_timeout=_REDIS_SECONDS,
                socket_connect_timeout=_REDIS_SECONDS,
                key_prefix="imalink",
            )
            self._shared = SlidingWindowCounterRateLimiter(storage)

    async def spend(self, limit: Limit, *who: str) -> None:
        """Count one attempt of `who`; raise `TooManyAttemptsError` when the limit was reached before it."""
        if self._is_on and not await self._hit(limit, who):
            await self._refuse(limit, who)

    async def check(self, limit: Limit, *who: str) -> None:
        """Count nothing; raise `TooManyAttemptsError` when the limit was reached."""
        if self._is_on and not await self._has_room(limit, who):
            await self._refuse(limit, who)

    async def _refuse(self, limit: Limit, who: tuple[str, ...]) -> NoReturn:
        seconds = await self._wait(limit, who)
        raise TooManyAttemptsError(
            f"Too many attempts. Try again in {seconds} seconds.", headers={"Retry-After": str(seconds)}
        )

    async def forgive(self, limit: Limit, *who: str) -> None:
        """Forget the attempts of `who`: one of them was right."""
        try:
            await self._shared.clear(limit.item, *who)
        except (RedisError, OSError):
            await self._memory.clear(limit.item, *who)

    async def close(self) -> None:
        """Close the connections to Redis."""
        storage = self._shared.storage
        if isinstance(storage, RedisStorage):
            await storage.bridge.get_connection().aclose()  # type: ignore[attr-defined]  # every bridge has it

    async def _hit(self, limit: Limit, who: tuple[str, ...]) -> bool:
        try:
            return await self._shared.hit(limit.item, *who)
        except (RedisError, OSError) as error:
            # Nobody could sign in, if this were refused, and anybody could guess, if it were let through.
            log.warning("Redis does not answer; this process counts attempts by itself", error=repr(error))
            return await self._memory.hit(limit.item, *who)

    async def _has_room(self, limit: Limit, who: tuple[str, ...]) -> bool:
        try:
            return await self._shared.test(limit.item, *who)
        except (RedisError, OSError):
            return await self._memory.test(limit.item, *who)

    async def _wait(self, limit: Limit, who: tuple[str, ...]) -> int:
        """Whole seconds until one more attempt may fit."""
        try:
            stats = await self._shared.get_window_stats(limit.item, *who)
        except (RedisError, OSError):
            return limit.seconds
        return min(max(1, math.ceil(stats.reset_time - time.time())), limit.seconds)


async def _rate_limiter(request: Request) -> RateLimiter:
    found: RateLimiter = request.app.state.rate_limiter
    return found


Throttle = Annotated[RateLimiter, Depends(_rate_limiter)]
"""The rate limiter of a request: a route names it and spends what it must."""
