"""Runs ONNX models, and draws on pixels. Loaded only where a model was chosen: NumPy and onnxruntime are optional.

A model takes `image`, float32 of 1×3×height×width from 0 to 1, red first, and gives boxes (n×4: left, top, right,
bottom, in pixels), scores (n) and labels (n), in this order.
"""

from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime

from metadata_service.analysis.port import Box, Detection

Pixels = np.ndarray[Any, np.dtype[np.uint8]]
_LINE = 3
_RED = (255, 40, 40)


class OnnxDetector:
    """A model in memory; several threads may ask it."""

    def __init__(self, path: Path, labels: list[str]) -> None:
        """Load it on the processor, one thread a question: the questions come side by side."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        try:
            self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # its errors have no base of their own
            raise ValueError(str(error).partition("\n")[0]) from error
        self._input = self._session.get_inputs()[0].name
        self._labels = labels

    def detect(self, pixels: Pixels) -> list[Detection]:
        """Ask the model."""
        image = np.ascontiguousarray(pixels.transpose(2, 0, 1)[None], dtype=np.float32) / 255
        boxes, scores, labels = self._session.run(None, {self._input: image})[:3]
        return [
            Detection(self._name(int(label)), float(score), _box(box))
            for box, score, label in zip(boxes, scores, labels, strict=True)
        ]

    def _name(self, label: int) -> str:
        return self._labels[label] if 0 <= label < len(self._labels) else str(label)


def _box(edges: Any) -> Box:
    left, top, right, bottom = (float(edge) for edge in edges)
    return left, top, right, bottom


def pixels_of(bmp: bytes) -> Pixels:
    """Read a BMP as core_service writes it: 24 bits a pixel, rows from the bottom, each padded to four bytes."""
    begins = int.from_bytes(bmp[10:14], "little")
    width, height = (int.from_bytes(bmp[at : at + 4], "little", signed=True) for at in (18, 22))
    if bmp[:2] != b"BM" or int.from_bytes(bmp[28:30], "little") != 24 or width <= 0 or height <= 0:
        raise ValueError("not a picture of plain pixels")
    row = (width * 3 + 3) // 4 * 4
    plane = np.frombuffer(bmp, np.uint8, row * height, begins).reshape(height, row)[:, : width * 3]
    return plane.reshape(height, width, 3)[::-1, :, ::-1]


def bmp_of(pixels: Pixels) -> bytes:
    """Write one."""
    height, width = pixels.shape[:2]
    row = (width * 3 + 3) // 4 * 4
    plane = np.zeros((height, row), np.uint8)
    plane[:, : width * 3] = pixels[::-1, :, ::-1].reshape(height, width * 3)
    head = b"BM" + (54 + plane.size).to_bytes(4, "little") + bytes(4) + (54).to_bytes(4, "little")
    size = width.to_bytes(4, "little") + height.to_bytes(4, "little")
    info = (40).to_bytes(4, "little") + size + (1).to_bytes(2, "little") + (24).to_bytes(2, "little") + bytes(24)
    return b"".join((head, info, plane.tobytes()))


def with_boxes(pixels: Pixels, detections: list[Detection]) -> Pixels:
    """Draw a frame around each thing that was seen."""
    drawn = pixels.copy()
    height, width = drawn.shape[:2]
    for found in detections:
        x1, y1, x2, y2 = (round(edge) for edge in found.box)
        x1, x2 = sorted((min(max(x1, 0), width), min(max(x2, 0), width)))
        y1, y2 = sorted((min(max(y1, 0), height), min(max(y2, 0), height)))
        for rows, columns in (
            (slice(y1, y1 + _LINE), slice(x1, x2)),
            (slice(max(y2 - _LINE, 0), y2), slice(x1, x2)),
            (slice(y1, y2), slice(x1, x1 + _LINE)),
            (slice(y1, y2), slice(max(x2 - _LINE, 0), x2)),
        ):
            drawn[rows, columns] = _RED
    return drawn
