"""The tower in 8 bits, run by ONNX Runtime: which provider, how deep, with which exactness."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from google.protobuf.message import DecodeError
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from engine.errors import ModelError
from engine.vrm.heat import Floats
from engine.vrm.packs.tower import INPUT, IR_VERSION, OPSET, STATE, TowerGraph, read_tower

PACK = "triage"
"""The pack whose tower this is."""
TOWER = "tower"
"""Its part."""
WHOLE_GRAPH = "tower.onnx"
"""In packs of the earlier form: the finished graph, its weights beside it."""
CUDA_PROVIDER, CPU_PROVIDER = "CUDAExecutionProvider", "CPUExecutionProvider"


class Int8Tower:
    """A pack's tower, cut after the deepest state that is wanted. Threads may share it.

    Args:
        folder: of the pack's part, checked already.
        depths: whose states are wanted.
        device: ``"auto"`` and ``"cpu"`` run on the processor, for which the graph was made;
            ``"cuda"`` asks for ONNX Runtime's CUDA provider and takes the processor without it.

    Attributes:
        depths: as given.
        device: where it really runs, in words.

    Raises:
        ModelError: the graph cannot be read or run, or is not that deep.
    """

    def __init__(self, folder: Path, depths: tuple[int, ...], device: str = "auto") -> None:
        self.depths = depths
        self._names = [STATE.format(depth) for depth in depths]
        made = _graph(folder, max(depths))
        _cut(made.model.graph, self._names, max(depths))
        options = _options(folder)
        # ONNX Runtime reads these tensors where they lie: they are kept as long as it runs.
        self._tensors = {
            name: onnxruntime.OrtValue.ortvalue_from_numpy(values)
            for name, values in made.tensors.items()
        }
        if self._tensors:
            options.add_external_initializers(list(self._tensors), list(self._tensors.values()))
        self._session = onnxruntime.InferenceSession(
            made.model.SerializeToString(), options, providers=providers(device)
        )
        self.device = where(device, self._session.get_providers())
        self.side_px: int = self._session.get_inputs()[0].shape[1]
        self.width: int = self._session.get_outputs()[0].shape[2]

    def states(self, view: NDArray[np.uint8]) -> list[Floats]:
        """Return the states of one view at each wanted depth: [1 + patches, width].

        Args:
            view: [side_px, side_px, 3].
        """
        return [states[0] for states in self._session.run(self._names, {INPUT: view[None]})]


def providers(device: str, available: Sequence[str] | None = None) -> list[str]:
    """Return ONNX Runtime's providers to ask for, the preferred first.

    Args:
        device: ``"auto"``, ``"cpu"`` or ``"cuda"``.
        available: what this build of ONNX Runtime has; asked for when None.
    """
    built = onnxruntime.get_available_providers() if available is None else available
    return (
        [CUDA_PROVIDER, CPU_PROVIDER]
        if device == "cuda" and CUDA_PROVIDER in built
        else [CPU_PROVIDER]
    )


def where(device: str, running: Sequence[str]) -> str:
    """Return where a session runs, and that it fell back where it did.

    Args:
        device: what was asked for.
        running: providers of the session, the preferred first.
    """
    if running[0] == CUDA_PROVIDER:
        return "cuda:0"
    return "cpu: ONNX Runtime has no CUDA here" if device == "cuda" else "cpu"


def _graph(folder: Path, depth: int) -> TowerGraph:
    """Return the graph of a pack's part, made of packed weights or as the earlier form keeps it."""
    if not (folder / WHOLE_GRAPH).is_file():
        return read_tower(folder, depth)
    try:
        model = onnx.load(str(folder / WHOLE_GRAPH), load_external_data=False)
    except (DecodeError, OSError, ValueError) as error:
        raise ModelError(
            f"The tower in {folder} cannot be read ({error}): run 'residua models assemble {PACK}'."
        ) from error
    return TowerGraph(model=model, tensors={})


def _cut(graph: onnx.GraphProto, names: list[str], deepest: int) -> None:
    """Leave out of a graph whatever only serves deeper states; nodes lie in order."""
    outputs = {output.name: output for output in graph.output}
    if missing := [name for name in names if name not in outputs]:
        raise ModelError(
            f"The tower gives {len(outputs)} states, not {missing[0]}: run 'residua models "
            f"assemble {PACK}'."
        )
    last = next(i for i, n in enumerate(graph.node) if STATE.format(deepest) in n.output)
    del graph.node[last + 1 :]
    used = {name for node in graph.node for name in node.input}
    kept = [tensor for tensor in graph.initializer if tensor.name in used]
    del graph.initializer[:]
    graph.initializer.extend(kept)
    del graph.output[:]
    graph.output.extend(outputs[name] for name in dict.fromkeys(names))


def _options(folder: Path) -> onnxruntime.SessionOptions:
    options = onnxruntime.SessionOptions()
    # Pictures are examined side by side, which wastes less than two threads on one picture.
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    options.add_session_config_entry(
        "session.model_external_initializers_file_folder_path", str(folder)
    )
    if products_overflow():
        # Exact, and several times as slow.
        options.add_session_config_entry("session.x64quantprecision", "1")
    return options


def products_overflow() -> bool:
    """Return whether this processor cuts sums of 8-bit products, as those without VNNI do."""
    count = 64
    largest = numpy_helper.from_array(np.full((count, 1), 127, np.int8), "b")
    graph = helper.make_graph(
        [helper.make_node("MatMulInteger", ["a", "b"], ["sum"])],
        "largest",
        [helper.make_tensor_value_info("a", TensorProto.UINT8, [1, count])],
        [helper.make_tensor_value_info("sum", TensorProto.INT32, [1, 1])],
        [largest],
    )
    model = helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION
    )
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    (sums,) = session.run(None, {"a": np.full((1, count), 255, np.uint8)})
    return bool(sums[0, 0] != 255 * 127 * count)
