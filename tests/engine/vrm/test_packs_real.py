from __future__ import annotations

import numpy as np
import pytest
import torch
from PIL import Image
from transformers import AutoTokenizer, CLIPImageProcessorPil

from engine import paths
from engine.training.activations import exact_tower
from engine.training.evaluate import as_image
from engine.training.triage_accuracy import exact_states
from engine.vrm import packs
from engine.vrm.int8_tower import Int8Tower
from engine.vrm.mini_base import load_language
from engine.vrm.triage import load_triage

pytestmark = pytest.mark.weights


@pytest.fixture(scope="module")
def mini() -> packs.Pack:
    return packs.find_pack("mini")


def test_language_model_answers_a_question(mini: packs.Pack) -> None:
    folder = mini.part("language").folder
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = load_language(folder, torch.bfloat16).eval()
    ids = tokenizer.apply_chat_template(
        [{"role": "user", "content": "What is the capital of France?"}],
        add_generation_prompt=True,
        return_tensors="pt",
    )
    out = model.generate(**ids, max_new_tokens=12, do_sample=False)
    said = tokenizer.decode(out[0, ids["input_ids"].shape[1] :], skip_special_tokens=True)
    assert "Paris" in said


def test_vision_tower_tells_pictures_apart(mini: packs.Pack) -> None:
    folder = mini.part("vision").folder
    tower = exact_tower(folder)
    rng = np.random.default_rng(0)
    ramp = np.tile(np.linspace(0, 255, 224, dtype=np.uint8)[None, :, None], (224, 1, 3))
    noise = rng.integers(0, 256, (224, 224, 3), dtype=np.uint8)
    near_noise = np.clip(noise.astype(int) + rng.integers(-3, 4, noise.shape), 0, 255)
    pictures = [ramp, noise, near_noise.astype(np.uint8)]
    pixels = CLIPImageProcessorPil.from_pretrained(folder)(pictures, return_tensors="pt")
    with torch.no_grad():
        embeds = tower(**pixels).image_embeds
    embeds = embeds / embeds.norm(dim=-1, keepdim=True)
    similarity = embeds @ embeds.T
    assert embeds.shape == (3, 512)
    assert similarity[1, 2] > 0.95
    assert similarity[0, 1] < 0.9


@pytest.mark.parametrize("name", ["mini", "triage"])
def test_packs_are_the_pinned_ones_and_of_the_size_that_is_told(name: str) -> None:
    pack, spec = packs.find_pack(name), packs.find_spec(name)
    assert pack.sha256 in spec.accepted
    assert pack.identity == spec.identity
    assert pack.size_bytes == spec.installed_bytes or not pack.current
    packs.require_sound(pack)


def test_the_eight_bit_tower_is_near_the_float_one(mini: packs.Pack) -> None:
    depths = (4, 8, 12)
    int8 = Int8Tower(packs.find_pack("triage").part("tower").folder, depths)
    folder = mini.part("vision").folder
    exact = exact_tower(folder)
    with Image.open(paths.resources_dir() / "samples" / "astronaut.png") as opened:
        view = np.asarray(opened.convert("RGB").resize((224, 224)))
    for quick, slow in zip(int8.states(view), exact_states(exact, depths, view), strict=True):
        cosines = (
            (quick * slow).sum(1) / np.linalg.norm(quick, axis=1) / np.linalg.norm(slow, axis=1)
        )
        assert cosines.mean() > 0.97


def test_the_shipped_probe_reads_the_tower() -> None:
    examiner = load_triage("mini", "auto")
    with Image.open(paths.resources_dir() / "samples" / "astronaut.png") as opened:
        image = as_image(np.asarray(opened.convert("RGB")))
    reading = examiner.examine(image, explain=False, on_text=lambda _: None, check=lambda: None)
    assert 0 < reading.verdict.p_ai < 1
    assert reading.heatmap.valid.mean() > 0.5
