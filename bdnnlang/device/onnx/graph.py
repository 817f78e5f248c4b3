"""Nodes and constants of a graph, named in the order in which they are asked for: the same network becomes the same bytes."""

from __future__ import annotations

from typing import Any

import numpy as np

OPSET = 17  # GreaterOrEqual on whole numbers is of 16; onnxruntime reads 17 since version 1.12
IR_VERSION = 8  # that of opset 17

Numbers = type[np.int64] | type[np.int32] | type[np.int8] | type[np.uint8] | type[np.float32]


class Graph:
    """What is computed from one matrix, a row for each sample, to one vector, a number for each sample."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def constant(self, values: np.ndarray) -> str:
        """Its name."""
        from onnx import numpy_helper

        name = f"constant_{len(self.constants) + 1}"
        self.constants.append(numpy_helper.from_array(values, name))
        return name

    def node(self, operator: str, *inputs: str, output: str | None = None, **attributes: int) -> str:
        """The name of what it computes."""
        from onnx import helper

        name = f"{operator}_{len(self.nodes) + 1}"
        node = helper.make_node(operator, inputs, [output or name], name=name)
        node.attribute.extend(helper.make_attribute(key, value) for key, value in sorted(attributes.items()))
        self.nodes.append(node)
        return output or name

    def cast(self, value: str, numbers: Numbers, output: str | None = None) -> str:
        """A value in another type."""
        return self.node("Cast", value, output=output, to=element_type(numbers))

    def model(self, given: tuple[str, Numbers, int], computed: str, metadata: dict[str, str], about: str) -> bytes:
        """The file. `given`: name, type and number of columns of the input; `computed`: the name of the output."""
        from onnx import TensorProto, checker, helper

        title, numbers, columns = given
        inputs = [helper.make_tensor_value_info(title, element_type(numbers), ["samples", columns])]
        outputs = [helper.make_tensor_value_info(computed, TensorProto.INT64, ["samples"])]
        graph = helper.make_graph(self.nodes, "network", inputs, outputs, self.constants, doc_string=about)
        opset = helper.make_opsetid("", OPSET)
        model = helper.make_model(graph, producer_name="bdnnc", ir_version=IR_VERSION, opset_imports=[opset], doc_string=about)
        helper.set_model_props(model, metadata)
        checker.check_model(model, full_check=True)
        return bytes(model.SerializeToString(deterministic=True))


def element_type(numbers: Numbers) -> int:
    """The number that ONNX has for a type."""
    from onnx import helper

    return int(helper.np_dtype_to_tensor_dtype(np.dtype(numbers)))
