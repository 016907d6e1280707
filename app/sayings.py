"""What the engine says often and briefly, in the language of the window.

The engine words verdicts and statements in English: that is what cases keep and reports print,
also those of earlier versions. Here whole sentences of it are known, with nothing but figures
left open, so that no sentence is half translated: one that is not known stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

_MARKED = (
    # What a verdict says first, and why.
    QT_TRANSLATE_NOOP("Sayings", "Likely AI-generated"),
    QT_TRANSLATE_NOOP("Sayings", "No sign of AI generation found"),
    QT_TRANSLATE_NOOP("Sayings", "Inconclusive"),
    QT_TRANSLATE_NOOP("Sayings", "Not examined"),
    QT_TRANSLATE_NOOP("Sayings", "The probability reaches the upper threshold of {high}."),
    QT_TRANSLATE_NOOP("Sayings", "The probability ({p}) reaches the upper threshold of {high}."),
    QT_TRANSLATE_NOOP(
        "Sayings", "The probability ({p}) stays at or below the lower threshold of {low}."
    ),
    QT_TRANSLATE_NOOP("Sayings", "The probability stays at or below the lower threshold of {low}."),
    QT_TRANSLATE_NOOP(
        "Sayings",
        "The probability lies between the thresholds {low} and {high}, where errors of both kinds "
        "are frequent.",
    ),
    QT_TRANSLATE_NOOP(
        "Sayings",
        "The probability ({p}) lies between the thresholds {low} and {high}, where errors of both "
        "kinds are frequent.",
    ),
    QT_TRANSLATE_NOOP("Sayings", "The calibration set leaves it between {low} and {high}."),
    QT_TRANSLATE_NOOP("Sayings", "The calibration set leaves it above {low}."),
    QT_TRANSLATE_NOOP("Sayings", "The calibration set leaves it below {high}."),
    QT_TRANSLATE_NOOP(
        "Sayings",
        "Outside the range in which error rates were measured: its short side of {side} px is "
        "below {least} px.",
    ),
    QT_TRANSLATE_NOOP(
        "Sayings",
        "Outside the range in which error rates were measured: its {size} MP are above {most} MP.",
    ),
    QT_TRANSLATE_NOOP(
        "Sayings",
        "Outside the range in which error rates were measured: its JPEG quality of about "
        "{quality} is below {least}.",
    ),
    QT_TRANSLATE_NOOP("Sayings", "between {low} and {high}"),
    QT_TRANSLATE_NOOP(
        "Sayings",
        "Inside the range of sizes and compressions where error rates were measured.",
    ),
    QT_TRANSLATE_NOOP(
        "Sayings",
        "OUTSIDE the range of sizes and compressions where error rates were measured: the "
        "probability may be wrong by more than is stated.",
    ),
    QT_TRANSLATE_NOOP("Sayings", "Not measured: the picture lies outside the measured range."),
    QT_TRANSLATE_NOOP(
        "Sayings",
        "Not measured for triage, in which the language model takes no part.",
    ),
    QT_TRANSLATE_NOOP("Sayings", "Not measured: no error rates ship with these weights."),
    QT_TRANSLATE_NOOP("Sayings", "Not measured in a condition like that of this picture."),
    # How findings are known.
    QT_TRANSLATE_NOOP("Sayings", "Observed"),
    QT_TRANSLATE_NOOP("Sayings", "the bytes of the file say so"),
    QT_TRANSLATE_NOOP("Sayings", "Derived"),
    QT_TRANSLATE_NOOP("Sayings", "computed from the pixels or bytes, repeatable"),
    QT_TRANSLATE_NOOP("Sayings", "Inferred"),
    QT_TRANSLATE_NOOP("Sayings", "a model's opinion"),
    QT_TRANSLATE_NOOP("Sayings", "Not available"),
    QT_TRANSLATE_NOOP("Sayings", "could not be examined, with the reason"),
    QT_TRANSLATE_NOOP("Sayings", "Failed"),
    QT_TRANSLATE_NOOP("Sayings", "the analyser stopped with an error"),
    # What facts and verdict say together, by the decision table.
    QT_TRANSLATE_NOOP("Sayings", "STATEMENT"),
    QT_TRANSLATE_NOOP("Sayings", "CONFLICT"),
    QT_TRANSLATE_NOOP("Sayings", "Content Credentials do not fit this file"),
    QT_TRANSLATE_NOOP("Sayings", "The file contradicts itself about its origin"),
    QT_TRANSLATE_NOOP("Sayings", "Signed as AI-generated, and the pixels agree"),
    QT_TRANSLATE_NOOP("Sayings", "Signed as AI-generated, but the pixels show no sign"),
    QT_TRANSLATE_NOOP("Sayings", "Signed as AI-generated; the pixels leave it open"),
    QT_TRANSLATE_NOOP(
        "Sayings",
        "Signed as edited with a generative model, and a part differs from the rest",
    ),
    QT_TRANSLATE_NOOP("Sayings", "Signed as edited with a generative model, and the pixels agree"),
    QT_TRANSLATE_NOOP("Sayings", "Signed as edited with a generative model"),
    QT_TRANSLATE_NOOP("Sayings", "Signed as captured by a camera; no sign of AI generation"),
    QT_TRANSLATE_NOOP(
        "Sayings",
        "Signed as captured by a camera, but a part differs from the rest",
    ),
    QT_TRANSLATE_NOOP("Sayings", "Signed as captured by a camera, but the pixels speak for AI"),
    QT_TRANSLATE_NOOP("Sayings", "Signed as captured by a camera; the pixels leave it open"),
    QT_TRANSLATE_NOOP("Sayings", "A generator's watermark, and the pixels agree"),
    QT_TRANSLATE_NOOP("Sayings", "A generator's watermark, but the pixels show no other sign"),
    QT_TRANSLATE_NOOP("Sayings", "A generator's watermark; the pixels leave it open"),
    QT_TRANSLATE_NOOP("Sayings", "Marked as AI-generated, and the pixels agree"),
    QT_TRANSLATE_NOOP("Sayings", "Marked as AI-generated, but the pixels show no sign"),
    QT_TRANSLATE_NOOP("Sayings", "Marked as AI-generated; the pixels leave it open"),
    QT_TRANSLATE_NOOP(
        "Sayings",
        "Marked as edited with a generative model, and a part differs from the rest",
    ),
    QT_TRANSLATE_NOOP("Sayings", "Marked as edited with a generative model"),
    QT_TRANSLATE_NOOP(
        "Sayings",
        "No sign of AI generation; credentials of an unverified signer say: captured",
    ),
    QT_TRANSLATE_NOOP(
        "Sayings",
        "A part differs from the rest; credentials of an unverified signer say: captured",
    ),
    QT_TRANSLATE_NOOP(
        "Sayings",
        "The pixels speak for AI; credentials of an unverified signer say: captured",
    ),
    QT_TRANSLATE_NOOP("Sayings", "Undecided; credentials of an unverified signer say: captured"),
    QT_TRANSLATE_NOOP(
        "Sayings",
        "Locally edited: a part differs from the rest; the metadata name a camera",
    ),
    QT_TRANSLATE_NOOP("Sayings", "The pixels speak for AI, the metadata name a camera"),
    QT_TRANSLATE_NOOP("Sayings", "No sign of AI generation; the metadata name a camera"),
    QT_TRANSLATE_NOOP("Sayings", "Undecided; the metadata name a camera"),
    QT_TRANSLATE_NOOP("Sayings", "Outside the measured range; the metadata name a camera"),
    QT_TRANSLATE_NOOP("Sayings", "The metadata name a camera but do not go together"),
    QT_TRANSLATE_NOOP("Sayings", "Locally edited: a part differs from the rest"),
    QT_TRANSLATE_NOOP("Sayings", "The pixels speak for AI, and a part differs from the rest"),
    QT_TRANSLATE_NOOP("Sayings", "The pixels speak for AI; the file itself says nothing"),
    QT_TRANSLATE_NOOP("Sayings", "No sign of AI generation; the file itself says nothing"),
    QT_TRANSLATE_NOOP("Sayings", "Undecided: neither pixels nor file settle it"),
    QT_TRANSLATE_NOOP("Sayings", "Outside the measured range: no conclusion"),
    QT_TRANSLATE_NOOP("Sayings", "Parts of the file do not go together"),
    # Why, where no fact is quoted.
    QT_TRANSLATE_NOOP(
        "Sayings",
        "The file was changed after it was signed, or the credentials were taken from another "
        "file. What they claim cannot be relied on. The verdict rests on the pixels alone. Ask "
        "for the file as it was signed.",
    ),
    QT_TRANSLATE_NOOP(
        "Sayings",
        "Some of its facts say that a generative model was used, others that a camera took it. A "
        "photograph that was edited with a model carries both; otherwise one of them was copied. "
        "The cited findings name them.",
    ),
    QT_TRANSLATE_NOOP(
        "Sayings",
        "The part that is outlined lacks the earlier compression that the rest carries: it was "
        "put in, generated or painted over after the picture had been saved. What was done, and "
        "whether a generator did it, the trace does not say. Compare with an earlier copy.",
    ),
    QT_TRANSLATE_NOOP(
        "Sayings",
        "The model finds the picture likely AI-generated, and the part that is outlined lacks the "
        "earlier compression that the rest carries. Either a generated picture was edited "
        "afterwards, or a photograph was, with a generated part. Compare with an earlier copy.",
    ),
    QT_TRANSLATE_NOOP(
        "Sayings",
        "The model finds the picture likely AI-generated. No fact of the file speaks for or "
        "against it, which is usual for pictures from websites and messengers. Look for the "
        "earliest copy of the picture.",
    ),
    QT_TRANSLATE_NOOP(
        "Sayings",
        "Neither the pixels nor the file show a sign of generation. That is not proof of a "
        "photograph: generators that the model does not know, and pictures compressed again, can "
        "pass. Look for the earliest copy of the picture.",
    ),
    QT_TRANSLATE_NOOP(
        "Sayings",
        "The model reached no conclusion and no fact of the file speaks of its origin. Other "
        "evidence has to decide: look for the earliest copy, for the author, and for other "
        "pictures of the scene.",
    ),
    QT_TRANSLATE_NOOP(
        "Sayings",
        "Size or compression lie where the model's error rates were not measured, and no fact of "
        "the file speaks of its origin. A larger or less compressed copy may be judged.",
    ),
    QT_TRANSLATE_NOOP(
        "Sayings",
        "Dates, sizes or thumbnail of the file contradict each other: a program saved or edited "
        "it and left parts as they were. That is common and no sign of AI by itself; the cited "
        "findings say what differs.",
    ),
)

SAYINGS = tuple(map(str, _MARKED))
"""Whole sentences and phrases; braces stand for a figure."""

FIGURE = r"(?P<\1>(?:[<>] )?(?:[0-9][0-9.,]*|[.][0-9]+))"


def said(text: str) -> str:
    """Return what the engine says in the language of the window.

    Args:
        text: a phrase, or sentences; unless all of them are known they are returned as they are.
    """
    whole = _translated(text)
    if whole is not None:
        return whole
    parts = list(_sentences(text))
    translated = [_translated(part) for part in parts]
    if len(parts) < 2 or None in translated:
        return text
    return " ".join(each for each in translated if each is not None)


def _sentences(text: str) -> Iterator[str]:
    yield from re.split(r"(?<=[.]) (?=[A-Z])", text)


def _translated(text: str) -> str | None:
    for saying, pattern in _patterns():
        found = pattern.fullmatch(text)
        if found is not None:
            return _in_window_language(saying).format(**found.groupdict())
    return None


def _in_window_language(saying: str) -> str:
    return QCoreApplication.translate("Sayings", saying)


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (saying, re.compile(re.sub(r"\\{(\w+)\\}", FIGURE, re.escape(saying))))
        for saying in SAYINGS
    )
