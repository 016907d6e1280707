"""Chat templates as hosts have them: plain text, lists of parts, answers framed otherwise."""

from __future__ import annotations

import pytest

from engine.errors import ModelError
from engine.vrm.host_words import Words
from tests.engine.training.tiny_host_run import TEMPLATE, write_words
from tests.engine.vrm.tiny_hosts import IMAGE

PARTS = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }} {% for part in m['content'] %}"
    "{% if part['type'] == 'text' %}{{ part['text'] }}{% endif %}{% endfor %}<|im_end|>{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant {% endif %}"
)
"""Loses contents that are no lists."""

REFRAMED = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }} {% if m['role'] == 'assistant' %}w50 "
    "{% endif %}{{ m['content'] }}<|im_end|>{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
"""Opens an answer that was given otherwise than one that is waited for."""

IM_START, IM_END, FAKE, USER, ASSISTANT = 1, 2, 3, 5, 6


def words(folder, template):
    write_words(folder, template)
    return Words(folder, IMAGE, before="<img>", after="</img>")


@pytest.mark.parametrize("template", [TEMPLATE, PARTS, REFRAMED])
def test_every_kind_of_template_keeps_question_picture_and_answer(template, tmp_path):
    found = words(tmp_path, template)
    prompt = found.prompt("w20 w21", 3)
    start = [IM_START, USER, 20, 21, 110, IMAGE, IMAGE, IMAGE, 111, IM_END, IM_START, ASSISTANT]
    assert prompt == start
    assert found.answer("w20 w21", "fake") == [FAKE, IM_END]
    turn = found.next_turn("w20 w21", "fake", "w30").tolist()
    assert turn == [FAKE, IM_END, IM_START, USER, 30, IM_END, IM_START, ASSISTANT]


def test_words_that_the_tokenizer_does_not_know_are_no_spelling(tmp_path):
    found = words(tmp_path, TEMPLATE)
    assert (found.fake_ids, found.real_ids) == ([FAKE], [4])


def test_a_template_that_loses_the_picture_is_refused(tmp_path):
    found = words(tmp_path, "{% for m in messages %}{{ m['role'] }} {% endfor %}")
    with pytest.raises(ModelError, match="loses or repeats the image"):
        found.prompt("w20", 3)


def test_a_template_that_rewrites_the_first_turn_is_refused(tmp_path):
    found = words(tmp_path, "{{ messages | length }} " + TEMPLATE)
    with pytest.raises(ModelError, match="--no-explain"):
        found.next_turn("w20", "fake", "w30")


def test_a_template_that_fails_is_named(tmp_path):
    with pytest.raises(ModelError, match="template of the checkpoint fails"):
        words(tmp_path, "{{ messages[9]['role'].nothing.more }}")
