from __future__ import annotations

import numpy as np
import pytest
import torch
from transformers import (
    AutoModelForCausalLM,
    AutoTokenizer,
    CLIPImageProcessorPil,
    CLIPVisionModelWithProjection,
)

from engine.vrm import packs

pytestmark = pytest.mark.weights


@pytest.fixture(scope="module")
def mini() -> packs.Pack:
    return packs.find_pack("mini")


def test_mini_is_the_pinned_pack_and_sound(mini: packs.Pack) -> None:
    assert mini.sha256 == packs.find_spec("mini").sha256
    assert mini.size_bytes == packs.find_spec("mini").installed_bytes
    packs.require_sound(mini)


def test_language_model_answers_a_question(mini: packs.Pack) -> None:
    folder = mini.part("language").folder
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.bfloat16).eval()
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
    tower = CLIPVisionModelWithProjection.from_pretrained(folder, dtype=torch.float32).eval()
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
