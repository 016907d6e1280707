"""The command gather: pictures taken out of packages, or missing and said to be."""

from __future__ import annotations

import csv
import hashlib
import io
import tarfile
import zipfile

import pytest

from engine import paths
from engine.errors import InputError
from engine.training.data import file_digest, named_sources, read_pool
from engine.training.gathering import COLUMNS, LIST_FILE, gather, main


def packed(kind, file, members):
    """Write a package of a kind with members by path."""
    if kind == "whl":
        with zipfile.ZipFile(file, "w") as out:
            for name, content in members.items():
                out.writestr(name, content)
        return
    inner = io.BytesIO()
    with tarfile.open(fileobj=inner, mode="w:xz" if kind == "deb" else "w:gz") as out:
        for name, content in members.items():
            info = tarfile.TarInfo(f"./{name}" if kind == "deb" else name)
            info.size = len(content)
            out.addfile(info, io.BytesIO(content))
    data = inner.getvalue()
    if kind == "deb":
        parts = (("debian-binary", b"2.0\n"), ("control.tar.xz", b"odd"), ("data.tar.xz", data))
        data = b"!<arch>\n" + b"".join(ar_member(name, body) for name, body in parts)
    file.write_bytes(data)


def ar_member(name, body):
    header = f"{name:<16}{0:<12}{0:<6}{0:<6}{100644:<8}{len(body):<10}`\n".encode("ascii")
    return header + body + b"\n" * (len(body) % 2)


def row(package, member, content, **changes):
    return {
        "sha256": hashlib.sha256(content).hexdigest(),
        "label": "real",
        "source_repo": "debian:sea",
        "package": package.name,
        "package_sha256": hashlib.sha256(package.read_bytes()).hexdigest(),
        "member": member,
        "format": "PNG",
        **changes,
    }


def listed(folder, rows):
    file = folder / "list.csv"
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, COLUMNS, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return file


@pytest.mark.parametrize("kind", ["whl", "tgz", "deb"])
def test_pictures_come_out_of_a_package_with_their_bytes(tmp_path, kind):
    package = tmp_path / f"sea.{kind}"
    packed(kind, package, {"share/Shore.PNG": b"a shore", "share/else": b"no picture"})
    wanted = [row(package, "share/Shore.PNG", b"a shore", label="ai", generator="G")]
    out = tmp_path / "out"
    gathered = gather(listed(tmp_path, wanted), tmp_path, out)
    assert (gathered.found, gathered.missing) == (1, ())
    (image,) = read_pool(out / "manifest.csv")
    assert image.path.read_bytes() == b"a shore"
    assert (image.label, image.generator, image.source) == ("ai", "G", "debian:sea")


def test_what_is_missing_is_told_and_left_out(tmp_path, capsys):
    packed("whl", tmp_path / "a.whl", {"a.png": b"a", "b.png": b"changed"})
    packed("whl", tmp_path / "other.whl", {"c.png": b"c"})
    package = tmp_path / "a.whl"
    rows = [
        row(package, "a.png", b"a"),
        row(package, "b.png", b"b"),
        row(package, "gone.png", b"gone"),
        row(tmp_path / "other.whl", "c.png", b"c", package_sha256="00"),
        {**row(package, "d.png", b"d"), "package": "absent.whl"},
    ]
    out = tmp_path / "out"
    assert main(["gather", str(tmp_path), str(out), "--list", str(listed(tmp_path, rows))]) == 1
    told = capsys.readouterr()
    assert [image.sha256 for image in read_pool(out / "manifest.csv")] == [rows[0]["sha256"]]
    assert told.out.endswith(": 1\n")
    assert "b.png is not the picture" in told.err
    assert "gone.png is not the picture" in told.err
    assert "other.whl: another file than the list's" in told.err
    assert "absent.whl: not there; pictures missing: 1" in told.err


def test_a_picture_within_a_member_is_cut_out(tmp_path):
    package = tmp_path / "a.whl"
    packed("whl", package, {"all.rcc": b"head:picture:tail"})
    wanted = row(package, "all.rcc", b"picture", part="5+7")
    gather(listed(tmp_path, [wanted]), tmp_path, tmp_path / "out")
    (image,) = read_pool(tmp_path / "out" / "manifest.csv")
    assert image.path.read_bytes() == b"picture"
    with pytest.raises(InputError, match="'5-7' of the list is unknown"):
        gather(listed(tmp_path, [{**wanted, "part": "5-7"}]), tmp_path, tmp_path / "new")


def test_pictures_that_are_there_need_no_package(tmp_path):
    package = tmp_path / "a.whl"
    packed("whl", package, {"a.png": b"a"})
    file = listed(tmp_path, [row(package, "a.png", b"a")])
    gather(file, tmp_path, tmp_path / "out")
    package.unlink()
    assert gather(file, tmp_path, tmp_path / "out").missing == ()


def test_the_shipped_list_names_no_sample_and_only_sources_that_count_as_seen():
    resources = paths.resources_dir()
    with (resources / LIST_FILE).open(newline="", encoding="utf-8") as opened:
        rows = list(csv.DictReader(opened))
    samples = {file_digest(file) for file in (resources / "samples").iterdir()}
    assert not samples & {row["sha256"] for row in rows}
    assert {row["source_repo"] for row in rows} <= named_sources(resources / "splits.toml")


def test_what_is_no_package_or_no_list_is_refused(tmp_path):
    package = tmp_path / "a.tgz"
    package.write_bytes(b"nothing of the kind")
    with pytest.raises(InputError, match=r"a\.tgz cannot be read"):
        gather(listed(tmp_path, [row(package, "a.png", b"a")]), tmp_path, tmp_path / "out")
    package.write_bytes(b"!<arch>\n" + ar_member("control.tar.xz", b"x"))
    with pytest.raises(InputError, match=r"holds no data\.tar"):
        gather(listed(tmp_path, [row(package, "a.png", b"a")]), tmp_path, tmp_path / "out")
    with pytest.raises(InputError, match="cannot be read"):
        gather(tmp_path / "none.csv", tmp_path, tmp_path / "out")
    (tmp_path / "short.csv").write_text("sha256,label\n")
    with pytest.raises(InputError, match="lacks the column format"):
        gather(tmp_path / "short.csv", tmp_path, tmp_path / "out")
