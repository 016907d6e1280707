from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import save_file

from engine.errors import ModelError
from engine.training.activations import choose, even_out, measure
from engine.training.data import PoolImage
from engine.vrm.int8_tower import Int8Tower
from engine.vrm.packs.tower import SITES, Activations, convert_tower, read_tower
from engine.vrm.views import pixel_tensor
from tests.engine.vrm import packs_made_up as made_up
from tests.engine.vrm import tiny_tower

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> tuple[Path, torch.nn.Module]:
    folder = tmp_path_factory.mktemp("pack") / "tower"
    return folder, tiny_tower.write_tower(folder)


def relative_error(found: np.ndarray, exact: np.ndarray) -> float:
    return float(np.linalg.norm(found - exact) / np.linalg.norm(exact))


def test_eight_bits_give_nearly_the_states_of_the_source(made):
    folder, model = made
    tower = Int8Tower(folder, (1, 2))
    assert (tower.side_px, tower.width) == (tiny_tower.SIDE_PX, tiny_tower.WIDTH)
    for view in tiny_tower.views(4, seed=5):
        found, exact = tower.states(view), tiny_tower.exact_states(model, view)
        assert [x.shape for x in found] == [(1 + tiny_tower.PATCHES, tiny_tower.WIDTH)] * 2
        assert relative_error(found[0], exact[0]) < 0.03
        assert relative_error(found[1], exact[1]) < 0.05


def test_depths_are_given_in_the_order_asked_for(made):
    folder, _ = made
    view = tiny_tower.views(1)[0]
    first, second = Int8Tower(folder, (1, 2)).states(view)
    swapped = Int8Tower(folder, (2, 1)).states(view)
    assert np.array_equal(swapped[0], second)
    assert np.array_equal(swapped[1], first)
    (alone,) = Int8Tower(folder, (1,)).states(view)
    assert np.array_equal(alone, first)


def test_blocks_behind_the_deepest_depth_are_not_made(made):
    shallow, whole = read_tower(made[0], 1), read_tower(made[0])
    assert [output.name for output in shallow.model.graph.output] == ["state_1"]
    assert all(np.array_equal(values, whole.tensors[n]) for n, values in shallow.tensors.items())
    assert not any(name.startswith("1.") for name in shallow.tensors)


def test_a_pack_of_the_earlier_form_gives_the_same_states(made, tmp_path):
    graph, view = read_tower(made[0]), tiny_tower.views(1)[0]
    with (tmp_path / "tower.weights").open("wb") as sink:
        for tensor in graph.model.graph.initializer:
            if tensor.name in graph.tensors:
                values = graph.tensors[tensor.name]
                del tensor.external_data[:]
                for key, value in (
                    ("location", "tower.weights"),
                    ("offset", sink.tell()),
                    ("length", values.nbytes),
                ):
                    tensor.external_data.add(key=key, value=str(value))
                sink.write(values.tobytes())
    (tmp_path / "tower.onnx").write_bytes(graph.model.SerializeToString())
    earlier, now = (Int8Tower(folder, (1, 2)).states(view) for folder in (tmp_path, made[0]))
    assert np.array_equal(earlier, now)


def test_a_depth_the_tower_does_not_have_is_refused(made):
    with pytest.raises(ModelError, match="gives 2 states, not state_3"):
        Int8Tower(made[0], (1, 3))


def test_a_missing_graph_is_refused(tmp_path):
    with pytest.raises(ModelError, match="models assemble"):
        Int8Tower(tmp_path, (1,))


def test_converting_twice_gives_the_same_bytes(made, tmp_path):
    folder, _ = made
    again = tmp_path / "again"
    again.mkdir()
    steps: list[tuple[int, int]] = []
    convert_tower(
        folder.parent / "export.onnx",
        again,
        lambda done, total: steps.append((done, total)),
        activations=folder.parent / "activations.safetensors",
    )
    assert steps == [(1, 2), (2, 2)]
    for name in ("packed.safetensors", "activations.safetensors"):
        assert (again / name).read_bytes() == (folder / name).read_bytes()


def test_an_export_that_is_no_tower_is_refused(made, tmp_path):
    (tmp_path / "m.onnx").write_bytes(b"")
    activations = made[0].parent / "activations.safetensors"
    with pytest.raises(ModelError, match=r"m\.onnx is no CLIP vision tower"):
        convert_tower(tmp_path / "m.onnx", tmp_path, activations=activations)


def test_activations_of_a_shallower_tower_are_refused(made, tmp_path):
    whole = Activations.read(made[0].parent / "activations.safetensors")
    names = [name for name in whole.factors if name.startswith("0.")]
    Activations(
        factors={n: whole.factors[n] for n in names}, ranges={n: whole.ranges[n] for n in names}
    ).write(tmp_path / "less.safetensors")
    with pytest.raises(ModelError, match=r"1\.context"):
        convert_tower(
            made[0].parent / "export.onnx", tmp_path, activations=tmp_path / "less.safetensors"
        )


def test_broken_activations_are_refused(tmp_path):
    with pytest.raises(ModelError, match="cannot be read"):
        Activations.read(tmp_path / "none.safetensors")
    save_file({"0.fc1.factor": np.ones(3, np.float16)}, tmp_path / "half.safetensors")
    with pytest.raises(ModelError, match="cannot be read"):
        Activations.read(tmp_path / "half.safetensors")


def test_activations_are_read_as_they_were_written(made):
    measured = measure(made[1], (pixel_tensor(view) for view in tiny_tower.views(8)))
    stored = Activations.read(made[0].parent / "activations.safetensors")
    assert set(stored.factors) == {f"{b}.{s}" for b in range(tiny_tower.BLOCKS) for s in SITES}
    for name, factor in measured.factors.items():
        assert np.array_equal(stored.factors[name], factor)
        assert stored.ranges[name] == pytest.approx(measured.ranges[name])


def test_measured_ranges_hold_the_inputs(made):
    _, model = made
    inputs: list[torch.Tensor] = []
    hook = model.vision_model.encoder.layers[1].mlp.fc2.register_forward_pre_hook(
        lambda _module, given: inputs.append(given[0])
    )
    measured = measure(model, (pixel_tensor(view) for view in tiny_tower.views(3)))
    hook.remove()
    evened = torch.cat(inputs).numpy() / measured.factors["1.fc2"]
    assert measured.ranges["1.fc2"] == pytest.approx((evened.min(), evened.max()))
    assert not any(len(m._forward_pre_hooks) for m in model.modules())


def test_a_channel_ten_times_as_large_is_divided_by_more():
    factor = even_out(np.array([10.0, 1.0, 1.0], np.float32), np.ones((3, 2), np.float32), 0.7)
    assert factor[0] / factor[1] == pytest.approx(10**0.7, rel=1e-3)
    assert np.prod(factor) == pytest.approx(1, rel=1e-2)
    only_weights = even_out(np.array([9.0, 1.0], np.float32), np.eye(2, dtype=np.float32) * 3, 0)
    assert only_weights == pytest.approx([1, 1])


def test_every_source_has_its_turn():
    def image(source: str, number: int) -> PoolImage:
        return PoolImage(
            path=Path(f"{source}{number}"),
            sha256="",
            label="real",
            generator="",
            source=source,
            captions=(),
            jpeg_history=False,
            tile_grid=False,
        )

    pool = [image("large", i) for i in range(50)] + [image("small", i) for i in range(2)]
    sources = [i.source for i in choose(pool, 8)]
    assert sources.count("small") == 2
    assert sources.count("large") == 6


def test_the_projection_of_the_export_is_left_out(made):
    made_of = read_tower(made[0])
    assert b"visual_projection" not in made_of.model.SerializeToString()
    assert not any("visual_projection" in name for name in made_of.tensors)
    assert made_up.tiny_clip().config.projection_dim == 8
