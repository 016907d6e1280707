"""Tiny hosts that are trained for a step or two, with words that every family knows."""

from __future__ import annotations

import numpy as np
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace
from transformers import PreTrainedTokenizerFast

from engine.training.host_training import HostPlan, HostRun, Sample
from engine.vrm.host_inputs import HostInputs
from engine.vrm.wrapper import DeepVrm
from tests.engine.vrm.tiny_hosts import tiny

K = 3
TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }} {{ m['content'] }}<|im_end|>{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant {% endif %}"
)


def write_words(folder, template=TEMPLATE):
    """A word tokenizer that knows every family's words around a picture."""
    words = [f"w{i}" for i in range(128)]
    words[:3] = ["<|pad|>", "<|im_start|>", "<|im_end|>"]
    words[3:7] = ["fake", "real", "user", "assistant"]
    special = ["<img>", "</img>", "<fake_token_around_image>", "<global-img>"]
    words[110:114] = special
    words[118:123] = ["<|vision_start|>", "<|vision_end|>", "<|image_pad|>", "<|v|>", "<|unk|>"]
    marks = [word for word in words if word.startswith("<")]
    inner = Tokenizer(WordLevel({word: i for i, word in enumerate(words)}, unk_token="<|unk|>"))
    inner.pre_tokenizer = Whitespace()
    PreTrainedTokenizerFast(
        tokenizer_object=inner,
        unk_token="<|unk|>",
        pad_token="<|pad|>",
        additional_special_tokens=marks,
        chat_template=template,
    ).save_pretrained(folder)


def run_of(family, folder, work, *, fusion="mean", **plan):
    vrm = DeepVrm(tiny(family), layer=K, fusion=fusion)
    write_words(folder)
    inputs = HostInputs(folder, vrm.model.config)
    plan = HostPlan(**{"epochs": 1, "batch": 4, "ranks": (2, 2), "save_every": 1, **plan})
    return vrm, inputs, HostRun(vrm, inputs, plan, work=work, log=lambda _: None)


def pixels(fake, seed):
    """Fakes are brighter: something that even a tiny tower can see."""
    rng = np.random.default_rng(seed)
    return rng.integers(160 if fake else 0, 255 if fake else 95, (64, 64, 3)).astype(np.uint8)


def samples(count=8):
    return [
        Sample(load=lambda i=i: pixels(i % 2 == 1, i), fake=i % 2 == 1, source=f"s{i // 4}")
        for i in range(count)
    ]
