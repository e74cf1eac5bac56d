"""What a detector is to us: it is shown a part of a picture and says what it sees."""

import importlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

from pydantic import BaseModel, ConfigDict, Field, ValidationError

Box = tuple[float, float, float, float]
"""Left, top, right, bottom, in pixels."""

_NAME_CHARACTERS: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_")


@dataclass(frozen=True, slots=True)
class Detection:
    """A thing that was seen, and how sure the model is, from 0 to 1."""

    label: str
    confidence: float
    box: Box

    def moved(self, left: float, top: float) -> "Detection":
        """The same, seen from another corner."""
        x1, y1, x2, y2 = self.box
        return Detection(self.label, self.confidence, (x1 + left, y1 + top, x2 + left, y2 + top))

    def told(self) -> dict[str, Any]:
        """As it is kept."""
        box = [round(edge, 1) for edge in self.box]
        return {"label": self.label, "confidence": round(self.confidence, 4), "box": box}

    @classmethod
    def read(cls, told: dict[str, Any]) -> "Detection":
        """From how it is kept."""
        x1, y1, x2, y2 = told["box"]
        return cls(told["label"], told["confidence"], (x1, y1, x2, y2))


class Detector(Protocol):
    """A model that is loaded."""

    def detect(self, pixels: Any) -> list[Detection]:
        """Look at an array of height × width × 3 bytes, red first; takes as long as it takes."""


class ModelCard(BaseModel):
    """`<name>.json` beside `<name>.onnx`: what the model's numbers mean, and how it wants to be shown a picture."""

    model_config = ConfigDict(extra="ignore")

    labels: list[str] = Field(min_length=1)
    tile: int = Field(default=640, ge=32, le=4096, description="Side of a tile, in pixels.")
    overlap: int = Field(default=64, ge=0, le=2048, description="How far neighbouring tiles overlap, in pixels.")
    side: int = Field(default=4096, ge=32, le=8192, description="Longer side of the picture that it is shown.")
    merge_overlap: float = Field(default=0.5, gt=0, le=1, description="From which overlap on two boxes are one thing.")


class ModelMissingError(Exception):
    """The model is not there, cannot be read, or what reads models is not installed."""


class Models:
    """The models in a folder; each is loaded once."""

    def __init__(self, folder: Path | None) -> None:
        """Remember the folder; without one there are no models."""
        self._folder = folder
        self._loaded: dict[str, tuple[Detector, ModelCard]] = {}

    def names(self) -> list[str]:
        """What there is to choose from."""
        return sorted(path.stem for path in self._folder.glob("*.onnx")) if self._folder else []

    def load(self, name: str) -> tuple[Detector, ModelCard]:
        """Give a model and its card, or raise `ModelMissingError`; takes a while the first time."""
        if name not in self._loaded:
            self._loaded[name] = self._read(name)
        return self._loaded[name]

    def _read(self, name: str) -> tuple[Detector, ModelCard]:
        if self._folder is None or not name or set(name) - _NAME_CHARACTERS:
            raise ModelMissingError(f"There is no model {name}.")
        path = self._folder / f"{name}.onnx"
        try:
            card = ModelCard.model_validate(json.loads(path.with_suffix(".json").read_text()))
            # Only here, because most installations have neither models nor what runs them.
            runner = importlib.import_module("metadata_service.analysis.onnx")
            return runner.OnnxDetector(path, card.labels), card
        except ImportError as error:
            raise ModelMissingError("This installation has no onnxruntime, so no model can be used.") from error
        except (OSError, ValueError, ValidationError) as error:
            raise ModelMissingError(f"The model {name} cannot be read: {error}") from error
