"""A checkpoint's words: its tokenizer, how it frames a conversation, its names for the answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from jinja2 import TemplateError
from torch import Tensor
from transformers import AutoTokenizer

from engine.errors import ModelError
from engine.vrm.checkpoint import read_json

FAKE, REAL = "fake", "real"
"""The answers, as they are asked for."""


class Words:
    """Turns conversations about one picture into tokens, and answers into log-odds.

    Args:
        folder: of the checkpoint, with its tokenizer.
        image_id: the token that stands for the picture.
        before: words that open a picture.
        after: words that close it.

    Raises:
        ModelError: tokenizer files are missing or do not fit the model.
    """

    def __init__(self, folder: Path, image_id: int, *, before: str, after: str) -> None:
        self._tokenizer = _tokenizer(folder)
        word = self._tokenizer.convert_ids_to_tokens(image_id)
        if word is None:
            raise ModelError(f"The tokenizer in {folder} has no word for the image token.")
        self._image_id = image_id
        self._picture = f"{before}{word}{after}"
        pad = self._tokenizer.pad_token_id
        self.pad_id: int = 0 if pad is None else pad
        """Fills up short prompts. It is masked: any word will do."""
        self._in_parts = False
        self._in_parts = self._wants_parts()
        self.fake_ids, self.real_ids = self._spellings(FAKE), self._spellings(REAL)
        both = set(self.fake_ids) & set(self.real_ids)
        if both:
            raise ModelError(f"The tokenizer in {folder} begins 'real' and 'fake' alike: {both}.")

    def prompt(self, question: str, count: int) -> list[int]:
        """Return the tokens of a question with the picture after it.

        Args:
            question: what is asked.
            count: how many tokens the picture takes.

        Raises:
            ModelError: the chat template loses or repeats the picture.
        """
        ids = self._ids(self._chat([self._asked(question)]))
        if ids.count(self._image_id) != 1:
            raise ModelError("The chat template of the checkpoint loses or repeats the image.")
        at = ids.index(self._image_id)
        ids[at : at + 1] = [self._image_id] * count
        return ids

    def answer(self, question: str, answer: str) -> list[int]:
        """Return what follows a prompt when it is answered, the answer's end included."""
        chat = [self._asked(question), self._message("assistant", answer)]
        return self._ids(self._after(question, answer, self._chat(chat, open_end=False)))

    def next_turn(self, question: str, answer: str, then: str) -> Tensor:
        """Return what follows a prompt once it is answered and a next question asked: [length].

        Args:
            question: of the prompt.
            answer: what the model is taken to have answered.
            then: the next question; it is about the same picture.

        Raises:
            ModelError: the chat template words the first turn otherwise once others follow it.
        """
        chat = [
            self._asked(question),
            self._message("assistant", answer),
            self._message("user", then),
        ]
        return torch.tensor(self._ids(self._after(question, answer, self._chat(chat))))

    def log_odds(self, logits: Tensor) -> Tensor:
        """Return log-odds of "fake", all spellings of both words: [..., vocabulary] -> [...]."""
        x = logits.float()
        fake = torch.logsumexp(x[..., self.fake_ids], dim=-1)
        return fake - torch.logsumexp(x[..., self.real_ids], dim=-1)

    def decode(self, ids: list[int]) -> str:
        """Return generated tokens as text."""
        text: str = self._tokenizer.decode(ids, skip_special_tokens=True)
        return text

    def _after(self, question: str, answer: str, whole: str) -> str:
        """Return the part of a conversation that follows its first prompt.

        Some templates frame an answer that was given otherwise than one that is waited for; the
        prompt is then what it was, and what follows begins with the answer itself.
        """
        prompt = self._chat([self._asked(question)])
        if whole.startswith(prompt):
            return whole.removeprefix(prompt)
        asked = self._chat([self._asked(question)], open_end=False)
        at = whole.find(answer, len(asked))
        if not whole.startswith(asked) or at < 0:
            raise ModelError(
                "The chat template of the checkpoint changes the first turn when others follow: "
                "its explanation cannot go on from the verdict. Use --no-explain."
            )
        return whole[at:]

    def _asked(self, question: str) -> dict[str, Any]:
        return self._message("user", f"{question} {self._picture}")

    def _message(self, role: str, text: str) -> dict[str, Any]:
        content = [{"type": "text", "text": text}] if self._in_parts else text
        return {"role": role, "content": content}

    def _wants_parts(self) -> bool:
        """Return whether the template takes contents as lists alone, and loses plain text."""
        return self._picture not in self._chat([self._asked("w")])

    def _chat(self, chat: list[dict[str, Any]], *, open_end: bool = True) -> str:
        try:
            text: str = self._tokenizer.apply_chat_template(
                chat, tokenize=False, add_generation_prompt=open_end
            )
        except TemplateError as error:
            raise ModelError(f"The chat template of the checkpoint fails: {error}.") from error
        return text

    def _ids(self, text: str) -> list[int]:
        ids: list[int] = self._tokenizer.encode(text, add_special_tokens=False)
        return ids

    def _spellings(self, word: str) -> list[int]:
        forms = (word, word.capitalize(), word.upper(), " " + word, " " + word.capitalize())
        ids = {self._ids(form)[0] for form in forms}
        return sorted(ids - {self._tokenizer.unk_token_id})


def _tokenizer(folder: Path) -> Any:
    if not (folder / "tokenizer.json").is_file():
        raise ModelError(
            f"{folder} has no tokenizer.json: copy the tokenizer files of its host there "
            "(tokenizer.json, tokenizer_config.json, chat_template.json)."
        )
    try:
        tokenizer = AutoTokenizer.from_pretrained(
            folder, local_files_only=True, trust_remote_code=False
        )
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ModelError(f"The tokenizer in {folder} cannot be loaded: {error}.") from error
    if tokenizer.chat_template is None:
        file = folder / "chat_template.json"
        template = read_json(file).get("chat_template") if file.is_file() else None
        if template is None:
            raise ModelError(f"{folder} has no chat template: copy chat_template.json there.")
        tokenizer.chat_template = template
    return tokenizer
