"""How wrong a camera's clock was: what it showed against the time that GPS tells, in runs that agree."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from statistics import median
from typing import Any, Final

from metadata_service.corrections.clock_schemas import Evidence, Finding, Offer

_AGREE_SECONDS: Final = 90
"""A fix of GPS may be older than its picture, by a minute or so."""
_WRONG_SECONDS: Final = 60
_LEAST: Final = 2
_SHOWN: Final = 10


@dataclass(frozen=True, slots=True)
class Sighting:
    """One photo that shows the camera's clock beside the true time."""

    photo_id: int
    hothash: str
    camera_make: str | None
    camera_model: str | None
    wall: datetime
    offset: str
    offset_from: str
    true_instant: datetime

    @property
    def camera(self) -> tuple[str, str]:
        """What tells cameras apart."""
        return self.camera_make or "", self.camera_model or ""

    @property
    def error(self) -> float:
        """Seconds that the clock is ahead of the true time."""
        return ((self.wall - offset_delta(self.offset)).replace(tzinfo=UTC) - self.true_instant).total_seconds()

    def shown(self) -> Evidence:
        """As evidence for its owner."""
        return Evidence(
            photo_id=self.photo_id,
            hothash=self.hothash,
            camera_time=self.wall,
            offset=self.offset,
            offset_from=self.offset_from,
            true_time=self.true_instant,
            error_seconds=round(self.error, 1),
        )


def offset_delta(offset: str) -> timedelta:
    """`+02:00` as a length of time."""
    minutes = int(offset[1:3]) * 60 + int(offset[4:6])
    return timedelta(minutes=-minutes if offset[0] == "-" else minutes)


def gps_instant(gps: Any) -> datetime | None:
    """The instant that the GPS group of an `exif_dict` tells; None when it tells none that makes sense."""
    if not isinstance(gps, dict):
        return None
    clock = gps.get("GPSTimeStamp")
    try:
        day = datetime.strptime(str(gps.get("GPSDateStamp", "")).strip()[:10].replace("-", ":"), "%Y:%m:%d")  # noqa: DTZ007
        hours, minutes, seconds = (
            float(part) for part in (clock.split(":") if isinstance(clock, str) else clock or ())
        )
    except (TypeError, ValueError):
        return None
    if not (0 <= hours < 24 and 0 <= minutes < 60 and 0 <= seconds < 60):
        return None
    return day.replace(tzinfo=UTC) + timedelta(hours=hours, minutes=minutes, seconds=seconds)


def findings(sightings: Iterable[Sighting]) -> list[Finding]:
    """Sort what was seen by camera and time, and judge each run; the gravest first."""
    found: list[Finding] = []
    ordered = sorted(sightings, key=lambda one: (*one.camera, one.true_instant))
    for _, group in groupby(ordered, key=lambda one: one.camera):
        runs = _runs(list(group))
        found += [_judge(run, is_only=len(runs) == 1) for run in runs]
    return sorted(found, key=lambda finding: (not finding.is_wrong, -finding.photos))


def _runs(sightings: Sequence[Sighting]) -> list[list[Sighting]]:
    """Neighbours in time whose errors agree: between two runs somebody set the clock."""
    runs: list[list[Sighting]] = []
    for one in sightings:
        if runs and abs(one.error - median(other.error for other in runs[-1][-25:])) <= _AGREE_SECONDS:
            runs[-1].append(one)
        else:
            runs.append([one])
    return runs


def _judge(run: Sequence[Sighting], *, is_only: bool) -> Finding:
    errors = [one.error for one in run]
    error = round(median(errors))
    first, last = min(one.wall for one in run), max(one.wall for one in run)
    is_wrong = len(run) >= _LEAST and abs(error) >= _WRONG_SECONDS
    make, model = run[0].camera_make, run[0].camera_model
    reason = f"The clock was {_spoken(error)}: {len(run)} photos with GPS time say so"
    span = {} if is_only else {"taken_after": first.isoformat(), "taken_before": last.isoformat()}
    return Finding(
        camera_make=make,
        camera_model=model,
        error_seconds=error,
        spread_seconds=round(max(errors) - min(errors), 1),
        photos=len(run),
        first=first,
        last=last,
        is_wrong=is_wrong,
        evidence=[one.shown() for one in run[:_SHOWN]],
        offer=offer(make, model, -error, reason, span) if is_wrong else None,
    )


def offer(make: str | None, model: str | None, seconds: float, reason: str, span: dict[str, str]) -> Offer | None:
    """The correction of all photos of a camera, to be sent; none where no model is named: it would mean others too."""
    if not model:
        return None
    named = {"camera_make": make, "camera_model": model}
    criteria = {"owner": "me", **{name: value for name, value in named.items() if value}, **span}
    return Offer(criteria=criteria, change={"op": "shift", "seconds": seconds}, reason=reason)


def _spoken(seconds: int) -> str:
    return f"{timedelta(seconds=abs(seconds))} {'ahead' if seconds > 0 else 'behind'}"
