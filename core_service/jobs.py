"""What can be asked of a decoder process, by name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from core_service.picture import Data, DecodeLimits
from core_service.pipeline import Order, lay_egg
from core_service.stages import Stages


@dataclass(frozen=True, slots=True)
class JobResult:
    """The body of the answer, ready for the wire, and what the image turned out to be."""

    body: bytes
    image_format: str


Job = Callable[[Data, Mapping[str, Any], DecodeLimits, Stages], JobResult]


def _egg(data: Data, options: Mapping[str, Any], limits: DecodeLimits, stages: Stages) -> JobResult:
    egg = lay_egg(data, Order(**options), limits, stages)
    with stages.timed("serialise"):
        return JobResult(egg.model_dump_json().encode(), egg.image_format or "")


JOBS: Final[Mapping[str, Job]] = {"egg": _egg}
