"""A tiny model for tests: it sees red. Every 16×16 block that is red on the whole is one thing."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper

BLOCK = 16


def write_model(folder: Path, name: str = "red", **card: Any) -> None:
    """Write the model and its card into a folder."""
    folder.mkdir(exist_ok=True)
    model = helper.make_model(_graph(), opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 10
    onnx.checker.check_model(model)
    (folder / f"{name}.onnx").write_bytes(model.SerializeToString())
    told = {"labels": ["red thing"], "tile": 128, "overlap": 32, "side": 1024, **card}
    (folder / f"{name}.json").write_text(json.dumps(told))


def _graph() -> onnx.GraphProto:
    """Red minus green, averaged over blocks; where that is much, a box of the block's corners."""
    node = helper.make_node
    numbers = {
        "first": np.array([0], np.int64),
        "second": np.array([1], np.int64),
        "third": np.array([2], np.int64),
        "axis": np.array([1], np.int64),
        "much": np.array(0.4, np.float32),
        "row": np.array(2, np.int64),
        "column": np.array(3, np.int64),
        "block": np.array(BLOCK, np.int64),
        "one": np.array(1, np.int64),
        "zero": np.array(0, np.int64),
        "last_axis": np.array([1], np.int64),
    }
    nodes = [
        node("Slice", ["image", "first", "second", "axis"], ["red"]),
        node("Slice", ["image", "second", "third", "axis"], ["green"]),
        node("Sub", ["red", "green"], ["redness"]),
        node("AveragePool", ["redness"], ["blocks"], kernel_shape=[BLOCK, BLOCK], strides=[BLOCK, BLOCK]),
        node("Greater", ["blocks", "much"], ["is_red"]),
        node("NonZero", ["is_red"], ["where"]),
        node("Gather", ["where", "row"], ["rows"], axis=0),
        node("Gather", ["where", "column"], ["columns"], axis=0),
        node("Mul", ["rows", "block"], ["tops"]),
        node("Mul", ["columns", "block"], ["lefts"]),
        node("Add", ["tops", "block"], ["bottoms"]),
        node("Add", ["lefts", "block"], ["rights"]),
        *(
            node("Unsqueeze", [edge, "last_axis"], [f"{edge}_column"])
            for edge in ("lefts", "tops", "rights", "bottoms")
        ),
        node("Concat", [f"{edge}_column" for edge in ("lefts", "tops", "rights", "bottoms")], ["corners"], axis=1),
        node("Cast", ["corners"], ["boxes"], to=TensorProto.FLOAT),
        node("Transpose", ["where"], ["indices"], perm=[1, 0]),
        node("GatherND", ["blocks", "indices"], ["scores"]),
        node("Mul", ["rows", "zero"], ["labels"]),
    ]
    return helper.make_graph(
        nodes,
        "red",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 3, "height", "width"])],
        [
            helper.make_tensor_value_info("boxes", TensorProto.FLOAT, ["n", 4]),
            helper.make_tensor_value_info("scores", TensorProto.FLOAT, ["n"]),
            helper.make_tensor_value_info("labels", TensorProto.INT64, ["n"]),
        ],
        [onnx.numpy_helper.from_array(value, name) for name, value in numbers.items()],
    )
