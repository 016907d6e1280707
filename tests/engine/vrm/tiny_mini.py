"""The mini with a base of a few thousand random weights, in the layout of the real pack."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer, decoders
from tokenizers.models import BPE
from tokenizers.pre_tokenizers import ByteLevel
from tokenizers.trainers import BpeTrainer
from transformers import (
    CLIPVisionConfig,
    CLIPVisionModel,
    LlamaConfig,
    LlamaForCausalLM,
    PreTrainedTokenizerFast,
)

from engine.types import FileFacts, Image, ModelInfo
from engine.vrm.mini import Mini
from engine.vrm.mini_config import MiniConfig
from engine.vrm.readouts import Calibration, Readings, ValidatedRange

WIDTH = 32
LAYERS = 6
CONFIG = MiniConfig(injection_layer=3, tower_rank=2, language_rank=2, projector_dim=16)
SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<reponame>"]
TEMPLATE = (
    "{% for m in messages %}{{ '<|im_start|>' + m['role'] + '\n' + m['content'] + '<|im_end|>\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
WORDS = "fake real Fake Real a fake a real a Fake a Real dog picture traces centre left"


def write_base(folder: Path) -> Path:
    """Write ``language/`` and ``vision/`` with random weights; returns the folder."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        tokenizer = _tokenizer()
        tokenizer.save_pretrained(folder / "language")
        language = LlamaForCausalLM(
            LlamaConfig(
                vocab_size=len(tokenizer),
                hidden_size=WIDTH,
                intermediate_size=48,
                num_hidden_layers=LAYERS,
                num_attention_heads=4,
                num_key_value_heads=2,
                max_position_embeddings=512,
                tie_word_embeddings=True,
                bos_token_id=1,
                eos_token_id=2,
                pad_token_id=2,
                initializer_range=0.15,
            )
        )
        language.save_pretrained(folder / "language")
        CLIPVisionModel(tower_config()).save_pretrained(folder / "vision")
    return folder


def tower_config(**changes: Any) -> CLIPVisionConfig:
    """Return the tower's configuration: 12 narrow layers that see 14 x 14 patches."""
    return CLIPVisionConfig(
        **{
            "hidden_size": WIDTH,
            "intermediate_size": 48,
            "num_hidden_layers": 12,
            "num_attention_heads": 4,
            "image_size": 224,
            "patch_size": 16,
            "hidden_act": "quick_gelu",
            **changes,
        }
    )


@functools.cache
def _tokenizer() -> PreTrainedTokenizerFast:
    """Return a byte-level BPE: every text can be written, characters may take several tokens."""
    bpe = Tokenizer(BPE())
    bpe.pre_tokenizer = ByteLevel(add_prefix_space=False)
    bpe.decoder = decoders.ByteLevel()
    trainer = BpeTrainer(
        vocab_size=400,
        special_tokens=SPECIAL,
        initial_alphabet=ByteLevel.alphabet(),
        show_progress=False,
    )
    bpe.train_from_iterator([WORDS] * 3, trainer)
    return PreTrainedTokenizerFast(
        tokenizer_object=bpe,
        bos_token="<|im_start|>",
        eos_token="<|im_end|>",
        pad_token="<|im_end|>",
        unk_token="<|endoftext|>",
        additional_special_tokens=["<reponame>"],
        clean_up_tokenization_spaces=False,
        chat_template=TEMPLATE,
    )


def fresh_mini(base: Path, seed: int = 0) -> Mini:
    """Return the mini as it is before any training, in evaluation mode."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return Mini(base, CONFIG, torch.float32).eval()


def trained_mini(base: Path, seed: int = 0) -> Mini:
    """Return the mini with every one of its own tensors moved away from its start."""
    mini = fresh_mini(base, seed)
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, tensor in mini.trained_state().items():
            if tensor.is_floating_point() and "running_var" not in name:
                tensor.add_(0.1 * torch.randn(tensor.shape, generator=generator))
        mini.fusion.alpha.fill_(1.0)
    return mini


def readings(low: float = 0.3, high: float = 0.7) -> Readings:
    """Return a calibration by hand, validated for everything the tests show."""
    return Readings(
        full=Calibration(
            weights={"both": 0.5, "artifact": 0.3, "residual": 0.2},
            bias=0.1,
            low=low,
            high=high,
            fitted_on="nothing",
        ),
        triage=Calibration(
            weights={"probe": 0.6},
            bias=0.1,
            low=low,
            high=high,
            fitted_on="nothing",
        ),
        validated=ValidatedRange(min_side_px=32, max_megapixels=5.0, min_jpeg_quality=60),
    )


def info() -> ModelInfo:
    return ModelInfo(
        name="mini",
        sha256="0" * 64,
        injection_layer=CONFIG.injection_layer,
        fusion=CONFIG.fusion,
        device="cpu",
        dtype="float32",
    )


def picture(height: int, width: int, seed: int = 0, *, quality: int | None = None) -> Image:
    """Return a noisy picture with nothing flat in it."""
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
    return as_picture(pixels, quality=quality)


def as_picture(pixels: np.ndarray, *, quality: int | None = None) -> Image:
    pixels = pixels.copy()
    pixels.flags.writeable = False
    return Image(facts=FileFacts(path="a.png"), pixels=pixels, jpeg_quality=quality)
