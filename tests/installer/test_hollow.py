"""Empty libraries in place of those that are only asked for by name."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
INSTALLER = ROOT / "installer"
sys.path.insert(0, str(INSTALLER))

import hollow  # noqa: E402

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or shutil.which("gcc") is None, reason="needs gcc of Linux"
)
VERSIONS = "LIBAVCODEC_1 { global: av_decode; av_encode; };"


def compiled(target: Path, source: str, *options: str) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    file = target.with_suffix(".c")
    file.write_text(source)
    command = ["gcc", "-shared", "-fPIC", f"-Wl,-soname,{target.name}", "-o", str(target)]
    subprocess.run([*command, str(file), *options], check=True)
    file.unlink()
    return target


@pytest.fixture
def inner(tmp_path: Path) -> Path:
    """A frozen folder whose OpenCV asks for a codec, which needs another library."""
    inner = tmp_path / "program" / "_internal"
    beside = inner / hollow.BESIDE
    (tmp_path / "versions").write_text(VERSIONS)
    other = compiled(beside / "libvpx-2.so", "int vpx(void) { return 7; }")
    codec = compiled(
        beside / "libavcodec-1.so",
        "int vpx(void); int av_decode(void) { return vpx(); } int av_encode(void) { return 2; }",
        f"-Wl,--version-script={tmp_path / 'versions'},-rpath,{beside}",
        str(other),
    )
    kept = compiled(beside / "libpng-3.so", "int png(void) { return 5; }")
    compiled(
        inner / "cv2" / "cv2.abi3.so",
        "int av_decode(void); int png(void); int film(void) { return av_decode(); }"
        "int picture(void) { return png(); }",
        f"-Wl,-rpath,{beside}",
        *map(str, (codec, kept)),
    )
    return inner


def called(inner: Path, function: str) -> subprocess.CompletedProcess[str]:
    code = f"import ctypes; print(ctypes.CDLL({str(inner / 'cv2/cv2.abi3.so')!r}).{function}())"
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


def test_what_is_used_works_and_what_is_not_says_so(inner: Path) -> None:
    assert called(inner, "film").stdout == "7\n"
    hollow.hollow_out(inner)
    assert called(inner, "picture").stdout == "5\n"
    stopped = called(inner, "film")
    assert stopped.returncode != 0
    assert "av_decode was called, which this program is shipped without" in stopped.stderr


def test_libraries_that_only_the_replaced_ones_needed_go(inner: Path) -> None:
    hollow.hollow_out(inner)
    names = {file.name for file in (inner / hollow.BESIDE).iterdir()}
    assert names == {"libavcodec-1.so", "libpng-3.so"}


def test_only_functions_that_are_asked_for_are_left(inner: Path) -> None:
    wanted = hollow.undefined(inner / "cv2" / "cv2.abi3.so")
    codec = inner / hollow.BESIDE / "libavcodec-1.so"
    assert hollow.functions_for(codec, wanted) == ["av_decode@LIBAVCODEC_1"]


def test_data_that_is_asked_for_cannot_be_left_out(tmp_path: Path) -> None:
    library = compiled(tmp_path / "libavutil-1.so", "int av_table = 3;")
    with pytest.raises(hollow.HollowError, match="av_table, which is no function"):
        hollow.functions_for(library, {"av_table"})


def test_the_same_library_is_made_twice(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        hollow.write_empty(tmp_path / name / "libavutil-1.so", ["b", "a"])
    first, second = ((tmp_path / name / "libavutil-1.so").read_bytes() for name in ("one", "two"))
    assert first == second


def test_the_program_reads_no_film() -> None:
    sources = [*(ROOT / "engine").rglob("*.py"), *(ROOT / "app").rglob("*.py")]
    text = "\n".join(source.read_text(encoding="utf-8") for source in sources)
    for name in ("VideoCapture", "VideoWriter", "cv2.videoio"):
        assert name not in text
