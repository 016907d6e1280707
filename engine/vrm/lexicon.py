"""The words that the check of explanations knows; every other word needs a finding that has it."""

from __future__ import annotations

_THIRD, _TWO_THIRDS = 1 / 3, 2 / 3
_HALF = 0.5

DIRECTIONS: dict[str, tuple[str, tuple[float, float]]] = {
    "left": ("x", (0.0, _HALF)),
    "right": ("x", (_HALF, 1.0)),
    "upper": ("y", (0.0, _HALF)),
    "above": ("y", (0.0, _HALF)),
    "lower": ("y", (_HALF, 1.0)),
    "below": ("y", (_HALF, 1.0)),
    "middle": ("either", (_THIRD, _TWO_THIRDS)),
    "centre": ("both", (_THIRD, _TWO_THIRDS)),
    "central": ("both", (_THIRD, _TWO_THIRDS)),
}
"""Word -> axis ("x", "y", "both" of them, "either") and where a place's centre may lie, as shares
of the picture."""

SYNONYMS = {
    "top": "upper",
    "bottom": "lower",
    "center": "centre",
    "left-hand": "left",
    "right-hand": "right",
}

EVERYWHERE = ("all over", "everywhere", "whole picture", "entire", "throughout")
QUIET = ("no place", "nowhere")

NUMBER_WORDS = {
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
}

_FUNCTION = """
a an and are as at be been both but by can could do does for from had has have hold holds if in
into is it its lie lies may might most neither no none nor not nothing of on only or other
others out over same so some than that the their them then there these they this those through
to too under very was were what when where whether which while with without would one each every
rather more less least
"""
_FORENSIC = """
block compression curve demosaicing double error filtering ghost grid jpeg median resampling
shifted tone
first look rest
ai ai-generated ai-made analyser analysis artifact artifacts away balance camera cameras carries
carry claim claims clear clearly conclusion conflict contradict contradicts copied credential
credentials cut data date dates declare declares declared decided detector differ differs
difference drawn edited edit edits evidence exif fact facts fake faked file files find finds
found fit fits generated generation generator generators heat hidden hide image inconclusive
inside intact label labels language lean leans level likely log-odds looked map maps mark marks
match measured measurement measurements metadata model name names named near noise open outside
p part parts path paths pattern picture pictures pixel pixels place places point points
probability probe range react reacts read region regions result results say says score seen
semantic settle show shown shows sign signed signs small spread software speak speaks stand
stands statement strong stronger strongest support supports synthetic text texts thumbnail
together towards toward trace traces undecided unsigned valid value values verdict watermark
different weak weakly whole write writes written area areas linear artificial
"""

KNOWN = frozenset(
    {
        *_FUNCTION.split(),
        *_FORENSIC.split(),
        *DIRECTIONS,
        *SYNONYMS,
        *NUMBER_WORDS,
        *(word for phrase in (*EVERYWHERE, *QUIET) for word in phrase.split()),
    }
)
"""Everything a sentence may say without a finding that has the word. "text", "face" and other
contents: "text" is known because files hold texts; "face", "hand", "dog" are not."""
