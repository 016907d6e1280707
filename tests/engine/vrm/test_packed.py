from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import save_file as save_arrays
from safetensors.torch import save_file

from engine.errors import ModelError
from engine.vrm.packs.expanding import PIECE, expand, read_weights
from engine.vrm.packs.packed import Packed, read_packed, write_packed


def q4_1(step: float, least: float, values: list[int]) -> np.ndarray:
    """Return one block of 32 values of 4 bits."""
    scales = np.array([step, least], np.float16).view(np.uint8)
    low, high = (np.array(half, np.uint8) for half in (values[:16], values[16:]))
    return np.concatenate([scales, low | high << 4])


def one(kind: str, values: np.ndarray, dtype: str = "bfloat16", **beside: np.ndarray) -> Packed:
    arrays = {f"w:{kind}" if kind else "w": values}
    return Packed(dtype=dtype, arrays=arrays | {f"w:{k}": v for k, v in beside.items()})


def test_a_block_of_four_bits_is_a_step_and_a_least_value() -> None:
    values = [i % 16 for i in range(32)]
    block = q4_1(0.5, -2.0, values)
    found = expand(one("q4_1", np.stack([np.tile(block, 2)] * 3)))["w"]
    assert found.shape == (3, 64)
    assert found.dtype == torch.bfloat16
    assert found[2, 32:].tolist() == [0.5 * v - 2.0 for v in values]


def test_a_value_is_multiplied_then_added_and_rounded_once() -> None:
    step, least = np.float16(0.0123), np.float16(-0.0917)
    block = q4_1(float(step), float(least), [i % 16 for i in range(32)])
    found = expand(one("q4_1", block[None]))["w"][0]
    product = np.arange(32) % 16 * np.float32(step)
    expected = torch.from_numpy(product.astype(np.float32) + np.float32(least)).bfloat16()
    assert torch.equal(found, expected)


def test_a_block_of_eight_bits_is_a_step_and_signed_values() -> None:
    values = np.arange(-16, 16, dtype=np.int8)
    block = np.concatenate([np.array([0.25], np.float16).view(np.uint8), values.view(np.uint8)])
    assert expand(one("q8_0", block[None]))["w"].tolist() == [(values * 0.25).tolist()]


def test_columns_are_turned_into_rows() -> None:
    quantised = np.array([[1, -128], [2, 3], [127, 0]], np.int8)
    parts = {"zero_point": np.array([1, -2], np.int8), "scale": np.array([0.5, 2.0], np.float32)}
    found = expand(one("int8", quantised, "float16", **parts))["w"]
    assert found.dtype == torch.float16
    assert found.tolist() == [[0.0, 0.5, 63.0], [-252.0, 10.0, 4.0]]
    assert found.is_contiguous()


def test_tensors_of_many_pieces_are_whole() -> None:
    generator = np.random.default_rng(0)
    quantised = generator.integers(-128, 128, (PIECE // 8, 33), dtype=np.int8)
    scale = np.linspace(0.001, 1, 33, dtype=np.float32)
    packed = one("int8", quantised, "float16", zero_point=np.zeros(33, np.int8), scale=scale)
    expected = (quantised.astype(np.float32) * scale).astype(np.float16).T
    assert np.array_equal(expand(packed)["w"].numpy(), expected)


def test_the_same_weights_give_the_same_file(tmp_path: Path) -> None:
    arrays = {"b": np.ones(3, np.float32), "a:q4_1": np.zeros((2, 40), np.uint8)}
    for name in ("one", "two"):
        write_packed(tmp_path / name, arrays, "bfloat16")
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    read = read_packed(tmp_path / "one")
    assert read.dtype == "bfloat16"
    assert set(read.tensors()) == {("b", ""), ("a", "q4_1")}


def test_weights_that_are_not_packed_are_read_as_they_are(tmp_path: Path) -> None:
    whole = {"w": torch.arange(4, dtype=torch.bfloat16)}
    save_file(whole, tmp_path / "model.safetensors")
    assert torch.equal(read_weights(tmp_path)["w"], whole["w"])


def test_a_folder_without_weights_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"cannot be read.*models assemble"):
        read_weights(tmp_path)


def test_a_file_of_another_form_is_refused(tmp_path: Path) -> None:
    save_arrays({"w": np.zeros(1, np.float32)}, tmp_path / "x", metadata={"format": "packed 2 int"})
    with pytest.raises(ModelError, match="form 'packed 2 int', this program reads 'packed 1'"):
        read_packed(tmp_path / "x")


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("w", np.zeros(4, np.float64)),
        ("w:q4_1", np.zeros((2, 30), np.uint8)),
        ("w:q8_0", np.zeros((2, 34), np.int8)),
        ("w:int8", np.zeros((2, 3), np.int8)),
        ("w:q2_k", np.zeros((2, 84), np.uint8)),
    ],
)
def test_a_tensor_that_cannot_be_expanded_is_refused(
    tmp_path: Path, name: str, values: np.ndarray
) -> None:
    write_packed(tmp_path / "x", {name: values}, "bfloat16")
    with pytest.raises(ModelError, match=r"holds 'w' as .* cannot expand"):
        read_packed(tmp_path / "x")
