"""Near-duplicates among examinations, and the file that names them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from engine.errors import StoreError
from engine.images.alike import distance, grouped
from engine.images.likeness import Likeness, parsed
from engine.scan_types import NearDuplicate, NearGroup
from engine.traces.likeness import METHOD
from engine.types import Examination

FILE_NAME = "near-duplicates.jsonl"
"""What is written into a results folder: one line a group."""

SCHEMA_VERSION = 1


class Looks:
    """Collects how pictures look, a small value each, while examinations pass by."""

    def __init__(self) -> None:
        self._found: dict[str, tuple[Likeness, str, str]] = {}

    def add(self, examination: Examination) -> None:
        """Take an examination; a later one of a file takes the place of an earlier one."""
        look, facts = look_of(examination), examination.facts
        key = os.path.abspath(facts.path)  # noqa: PTH100 - links must stay as they are
        self._found.pop(key, None)
        if look is not None and facts.sha256 is not None:
            self._found[key] = (look, facts.path, facts.sha256)

    def passing(self, examinations: Iterable[Examination]) -> Iterator[Examination]:
        """Yield examinations as they come, and take each: they are read once for two uses."""
        for examination in examinations:
            self.add(examination)
            yield examination

    def groups(self) -> tuple[NearGroup, ...]:
        """Return groups of pictures that look alike."""
        looks = [look for look, _path, _sha256 in self._found.values()]
        files = [(path, sha256) for _look, path, sha256 in self._found.values()]
        groups = []
        for number, group in enumerate(grouped(looks), start=1):
            members = []
            for index in group.members:
                path, sha256 = files[index]
                phash, dhash = distance(looks[group.centre], looks[index])
                members.append(
                    NearDuplicate(path=path, sha256=sha256, phash_bits=phash, dhash_bits=dhash)
                )
            groups.append(
                NearGroup(number=number, centre=files[group.centre][0], members=tuple(members))
            )
        return tuple(groups)


def near_duplicates(examinations: Iterable[Examination]) -> tuple[NearGroup, ...]:
    """Return groups of pictures that look alike; see `engine.api.near_duplicates`."""
    looks = Looks()
    for examination in examinations:
        looks.add(examination)
    return looks.groups()


def look_of(examination: Examination) -> Likeness | None:
    """Return how the picture of an examination looks; None when that was not found out."""
    for finding in examination.findings:
        if finding.analyser == METHOD.name and finding.version == METHOD.version:
            return parsed(str(finding.value))
    return None


def write_groups(out_dir: Path, groups: Sequence[NearGroup]) -> Path:
    """Write groups into a results folder, in one step.

    Args:
        out_dir: the results folder.
        groups: of its pictures.

    Returns:
        The file.

    Raises:
        StoreError: it cannot be written.
    """
    target = out_dir / FILE_NAME
    partial = out_dir / f".{FILE_NAME}.partial"
    try:
        partial.write_text("".join(_line(group) + "\n" for group in groups), encoding="ascii")
        partial.replace(target)
    except OSError as error:
        raise StoreError(
            f"{target} cannot be written ({error.strerror}): check the permissions and free space."
        ) from error
    return target


def _line(group: NearGroup) -> str:
    record = {
        "schema": SCHEMA_VERSION,
        "group": group.number,
        "centre": group.centre,
        "members": [
            {
                "path": each.path,
                "sha256": each.sha256,
                "phash_bits": each.phash_bits,
                "dhash_bits": each.dhash_bits,
            }
            for each in group.members
        ],
    }
    return json.dumps(record, ensure_ascii=True)
