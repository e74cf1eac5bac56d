"""Which photos are one scene, by evidence. Pure: it sees what is given and nothing else; a name alone proves nothing.

* `raw_jpeg`: one camera, at most two seconds apart, one of the two raw, and either side by side on a disk under one
  stem, or of one stem and looking alike.
* `hdr`: at least three of one camera, at most two seconds apart each, looking alike, exposed differently on purpose: by
  three different exposure compensations, or by exposures that span at least one and a half stops.
* `burst`: at least three of one camera, at most two seconds apart each, each looking like the one before.
* `panorama`: at least three of one camera, at most eight seconds apart each, exposed and zoomed exactly alike, each
  showing something else than the one before, but not something quite else.
"""

import hashlib
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import combinations, pairwise
from typing import Final, Literal

from metadata_service.derived.likeness import distance

Kind = Literal["raw_jpeg", "hdr", "burst", "panorama"]

TOGETHER: Final = timedelta(seconds=2)
SWEEP: Final = timedelta(seconds=8)
"""Whatever lies further apart is in no stack."""

_ALIKE: Final = 12
_TURNED: Final = range(_ALIKE + 1, 31)
_STOPS: Final = 1.5
_MOST_BRACKETS: Final = 9


@dataclass(frozen=True, slots=True)
class Frame:
    """The evidence about one photo. `stems` stand for machine, volume, folder and name without extension."""

    id: int
    taken_at: datetime
    camera: str | None
    is_raw: bool
    hash: int | None
    size: tuple[int | None, int | None]
    exposure: tuple[float | None, float | None, float | None]  # seconds, f-number, ISO
    focal_length: float | None = None
    compensation: float | None = None
    name_stem: str | None = None
    stems: frozenset[str] = frozenset()

    @property
    def stops(self) -> float | None:
        """How much light the sensor was given, in stops."""
        seconds, aperture, iso = self.exposure
        if not seconds or not aperture or min(seconds, aperture) <= 0:
            return None
        return math.log2(seconds / aperture**2) + (math.log2(iso / 100) if iso and iso > 0 else 0)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Photos that seem to be one scene, in order of time, and why."""

    kind: Kind
    frames: tuple[Frame, ...]
    reasons: tuple[str, ...] = field(default=())

    @property
    def key(self) -> str:
        """Names the suggestion as long as it is of the same photos."""
        named = f"{self.kind}:{','.join(str(number) for number in sorted(frame.id for frame in self.frames))}"
        return hashlib.sha256(named.encode()).hexdigest()[:32]

    @property
    def cover(self) -> Frame:
        """The one to show: the picture beside a raw file, the middle exposure or of a sweep, the first of a burst."""
        if self.kind == "raw_jpeg":
            return next(frame for frame in self.frames if not frame.is_raw)
        if self.kind == "hdr":
            return sorted(self.frames, key=_light)[len(self.frames) // 2]
        return self.frames[len(self.frames) // 2 if self.kind == "panorama" else 0]


def _light(frame: Frame) -> tuple[float, int]:
    said = frame.stops if frame.compensation is None else frame.compensation
    return said or 0.0, frame.id


def suggested(frames: Sequence[Frame]) -> list[Suggestion]:
    """Find all stacks among photos in order of time; no photo is in two."""
    pairs = list(_raw_pairs(frames))
    taken = {frame.id for pair in pairs for frame in pair.frames}
    left = [frame for frame in frames if frame.id not in taken and frame.camera]
    found = [*pairs]
    for camera in dict.fromkeys(frame.camera for frame in left):
        own = [frame for frame in left if frame.camera == camera]
        for sweep in chains(own, SWEEP):
            found += _of_sweep(sweep)
    return sorted(found, key=lambda suggestion: (suggestion.frames[0].taken_at, suggestion.frames[0].id))


def chains(frames: Sequence[Frame], gap: timedelta) -> list[list[Frame]]:
    """Cut a series wherever two neighbours lie further apart."""
    found: list[list[Frame]] = []
    for frame in frames:
        if found and frame.taken_at - found[-1][-1].taken_at <= gap:
            found[-1].append(frame)
        else:
            found.append([frame])
    return found


def _of_sweep(sweep: list[Frame]) -> list[Suggestion]:
    """A whole sweep is a panorama, or what is closer together in it is a bracket or a burst."""
    if panorama := _panorama(sweep):
        return [panorama]
    found: list[Suggestion] = []
    for close in chains(sweep, TOGETHER):
        ways = (_bracket(series) or _burst(series) for series in _alike(close))
        found += [one for one in ways if one is not None]
    return found


def _alike(series: Sequence[Frame]) -> list[list[Frame]]:
    """Cut where a photo does not look like the one before; photos without a hash are alone."""
    found: list[list[Frame]] = []
    for frame in series:
        apart = _apart(found[-1][-1], frame) if found else None
        if apart is not None and apart <= _ALIKE:
            found[-1].append(frame)
        else:
            found.append([frame])
    return found


def _apart(one: Frame, other: Frame) -> int | None:
    return None if one.hash is None or other.hash is None else distance(one.hash, other.hash)


def _raw_pairs(frames: Sequence[Frame]) -> Iterator[Suggestion]:
    taken: set[int] = set()
    for raw in (frame for frame in frames if frame.is_raw):
        for other in frames:
            if other.is_raw or other.id in taken or abs(other.taken_at - raw.taken_at) > TOGETHER:
                continue
            if reason := _one_exposure(raw, other):
                taken |= {raw.id, other.id}
                both = tuple(sorted((raw, other), key=lambda frame: (frame.taken_at, frame.id)))
                yield Suggestion("raw_jpeg", both, ("one of the two is a raw file", *_when(both), reason))
                break


def _one_exposure(raw: Frame, other: Frame) -> str | None:
    if raw.camera is None or raw.camera != other.camera:
        return None
    if raw.stems & other.stems:
        return "side by side in one folder, under one name but for the extension"
    apart = _apart(raw, other)
    if raw.name_stem and raw.name_stem == other.name_stem and apart is not None and apart <= _ALIKE:
        return f"one name but for the extension, and hashes {apart} bits apart"
    return None


def _bracket(series: Sequence[Frame]) -> Suggestion | None:
    if not 3 <= len(series) <= _MOST_BRACKETS:
        return None
    compensations = {frame.compensation for frame in series if frame.compensation is not None}
    stops = [frame.stops for frame in series if frame.stops is not None]
    if len(compensations) >= 3 and len({frame.compensation for frame in series}) == len(series):
        reason = "each has another exposure compensation: " + ", ".join(
            f"{value:+g}" for value in sorted(compensations)
        )
    elif len(stops) == len(series) == len({round(stop * 3) for stop in stops}) and max(stops) - min(stops) >= _STOPS:
        reason = f"each is exposed differently, {max(stops) - min(stops):.1f} stops in all"
    else:
        return None
    return Suggestion("hdr", tuple(series), (*_when(series), *_looks(series), reason))


def _burst(series: Sequence[Frame]) -> Suggestion | None:
    if len(series) < 3:
        return None
    return Suggestion("burst", tuple(series), (*_when(series), *_looks(series)))


def _panorama(sweep: Sequence[Frame]) -> Suggestion | None:
    if len(sweep) < 3 or len({(frame.exposure, frame.focal_length, frame.size) for frame in sweep}) > 1:
        return None
    first = sweep[0]
    if None in {*first.exposure, first.focal_length, *first.size}:
        return None
    if not all((_apart(one, other) or 0) in _TURNED for one, other in pairwise(sweep)):
        return None
    if any((_apart(one, other) or 0) <= _ALIKE for one, other in combinations(sweep, 2)):
        return None  # it came back to where it was: somebody photographed two things in turns
    reason = "exposed and zoomed exactly alike, each showing something else than the one before"
    return Suggestion("panorama", tuple(sweep), (*_when(sweep), reason))


def _when(frames: Sequence[Frame]) -> tuple[str, str]:
    longest = max((other.taken_at - one.taken_at for one, other in pairwise(frames)), default=timedelta(0))
    return f"one camera: {frames[0].camera}", f"at most {longest.total_seconds():g} seconds apart"


def _looks(frames: Sequence[Frame]) -> tuple[str]:
    farthest = max(_apart(one, other) or 0 for one, other in pairwise(frames))
    return (f"each looks like the one before: hashes at most {farthest} bits apart",)
