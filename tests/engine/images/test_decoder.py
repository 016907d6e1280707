"""The decoding process: what it gives back, and that nothing it does harms its owner."""

from __future__ import annotations

import hashlib
import io
import os
import signal
import socket
import stat
import struct
import sys
import threading
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.errors import Cancelled, InputError
from engine.images import confinement
from engine.images.decoder import Decoder
from engine.images.limits import CHUNK_BYTES
from engine.images.reading import read_exhibit

COLOURS = np.random.default_rng(1).integers(0, 256, (60, 80, 3), dtype=np.uint8)


@pytest.fixture(scope="module")
def decoder():
    with Decoder() as running:
        yield running


@pytest.fixture
def photo(tmp_path: Path) -> str:
    path = tmp_path / "photo.png"
    Image.fromarray(COLOURS).save(path)
    return str(path)


def kind_of(decoder: Decoder, path: object) -> str:
    with pytest.raises(InputError) as caught:
        decoder.decode_file(str(path))
    assert str(caught.value)
    return caught.value.kind


def test_a_picture_arrives_with_all_facts(decoder, photo):
    image = decoder.decode_file(photo)
    data = Path(photo).read_bytes()
    np.testing.assert_array_equal(image.pixels, COLOURS)
    assert not image.pixels.flags.writeable
    facts = image.facts
    assert (facts.path, facts.format, facts.width, facts.height) == (photo, "PNG", 80, 60)
    assert facts.bytes == len(data)
    assert facts.sha256 == hashlib.sha256(data).hexdigest()
    assert facts.sha1 == hashlib.sha1(data).hexdigest()
    assert facts.md5 == hashlib.md5(data).hexdigest()


def test_a_picture_larger_than_one_piece_arrives_whole(decoder, tmp_path):
    side = int((CHUNK_BYTES / 3) ** 0.5) + 50
    samples = np.random.default_rng(2).integers(0, 256, (side, side, 3), dtype=np.uint8)
    path = tmp_path / "large.bmp"
    Image.fromarray(samples).save(path)
    assert path.stat().st_size > CHUNK_BYTES
    np.testing.assert_array_equal(decoder.decode_file(str(path)).pixels, samples)


def test_the_decoder_sees_the_bytes_that_were_hashed(decoder, photo):
    exhibit = read_exhibit(photo)
    Image.new("RGB", (80, 60), "red").save(photo)
    image = decoder.decode(exhibit)
    np.testing.assert_array_equal(image.pixels, COLOURS)
    assert image.facts.sha256 != hashlib.sha256(Path(photo).read_bytes()).hexdigest()


@pytest.mark.parametrize("change", [b"", b"more"], ids=["overwritten", "grown"])
def test_a_file_that_is_written_to_while_it_is_read_is_refused(decoder, photo, change, monkeypatch):
    real = os.read

    def meddle(descriptor: int, count: int) -> bytes:
        block = real(descriptor, count)
        if not block:
            # At the end of the file, before its state is compared.
            with Path(photo).open("r+b") as stream:
                stream.write(b"\x89")
                stream.seek(0, os.SEEK_END)
                stream.write(change)
        return block

    monkeypatch.setattr("engine.images.reading.os.read", meddle)
    # A clock of the file system may stand still for some milliseconds.
    old = Path(photo).stat().st_mtime_ns - 10**9
    os.utime(photo, ns=(old, old))
    assert kind_of(decoder, photo) == "changed"


def test_a_refused_file_does_not_disturb_the_next(decoder, photo, tmp_path):
    bad = tmp_path / "bad.jpg"
    bad.write_text("no picture")
    before = decoder.pid
    assert kind_of(decoder, bad) == "not_an_image"
    np.testing.assert_array_equal(decoder.decode_file(photo).pixels, COLOURS)
    assert decoder.pid == before


def test_a_thumbnail_is_small_oriented_and_never_enlarged(decoder, tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    path = tmp_path / "turned.jpg"
    Image.new("RGB", (400, 200), "red").save(path, exif=exif)
    assert decoder.thumbnail(str(path), 100).shape == (100, 50, 3)
    assert decoder.thumbnail(str(path), 1000).shape == (400, 200, 3)


def test_a_thumbnail_of_a_picture_too_small_to_examine_is_shown(decoder, tmp_path):
    path = tmp_path / "dot.png"
    Image.new("RGB", (1, 1), "red").save(path)
    assert decoder.thumbnail(str(path), 64).tolist() == [[[255, 0, 0]]]


def test_a_thumbnail_of_no_size_is_refused(decoder, photo):
    with pytest.raises(InputError):
        decoder.thumbnail(photo, 0)


def test_an_empty_file_is_refused(decoder, tmp_path):
    path = tmp_path / "empty.jpg"
    path.touch()
    assert kind_of(decoder, path) == "empty"


def test_a_missing_file_is_not_found(decoder, tmp_path):
    assert kind_of(decoder, tmp_path / "none.jpg") == "not_found"


def test_a_folder_is_not_a_file(decoder, tmp_path):
    assert kind_of(decoder, tmp_path) == "not_a_file"


def test_a_dangling_link_is_told_apart(decoder, tmp_path):
    link = tmp_path / "link.jpg"
    link.symlink_to(tmp_path / "gone.jpg")
    assert kind_of(decoder, link) == "dangling_link"


def test_a_link_to_itself_is_unreadable(decoder, tmp_path):
    link = tmp_path / "loop.jpg"
    link.symlink_to(link)
    assert kind_of(decoder, link) == "unreadable"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no named pipes in folders")
def test_a_named_pipe_is_refused_without_waiting_for_a_writer(decoder, tmp_path):
    pipe = tmp_path / "pipe.jpg"
    os.mkfifo(pipe)
    assert kind_of(decoder, pipe) == "not_a_file"


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no devices on this system")
def test_a_device_is_refused(decoder):
    assert kind_of(decoder, "/dev/zero") == "not_a_file"


def test_a_socket_is_refused(decoder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("s.jpg")
        assert kind_of(decoder, "s.jpg") == "not_a_file"


def test_an_unreadable_file_says_so(decoder, photo, monkeypatch):
    # The tests may run as root, who can read everything, so the system call refuses.
    def refuse(*_args: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("engine.images.reading.os.open", refuse)
    assert kind_of(decoder, photo) == "unreadable"


def test_a_name_with_a_zero_byte_is_unreadable(decoder):
    assert kind_of(decoder, "a\0b.jpg") == "unreadable"


def test_a_file_over_the_size_limit_is_not_read(photo):
    with pytest.raises(InputError) as caught:
        read_exhibit(photo, max_bytes=100)
    assert caught.value.kind == "too_large"


def test_reading_leaves_the_file_as_it_was(decoder, photo):
    path = Path(photo)
    path.chmod(stat.S_IRUSR)
    before = path.stat()
    decoder.decode_file(photo)
    after = path.stat()
    assert (before.st_mtime_ns, before.st_size, before.st_mode) == (
        after.st_mtime_ns,
        after.st_size,
        after.st_mode,
    )


def test_names_that_are_not_utf8_survive(decoder, tmp_path):
    raw = os.fsencode(tmp_path) + b"/caf\xe9\nline.png"
    stream = io.BytesIO()
    Image.fromarray(COLOURS).save(stream, "PNG")
    Path(os.fsdecode(raw)).write_bytes(stream.getvalue())
    image = decoder.decode_file(os.fsdecode(raw))
    assert os.fsencode(image.facts.path) == raw


def test_a_killed_decoder_fails_its_file_and_starts_again(photo):
    with Decoder() as decoder:
        decoder.decode_file(photo)
        first = decoder.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        assert kind_of(decoder, photo) == "decoder_crashed"
        np.testing.assert_array_equal(decoder.decode_file(photo).pixels, COLOURS)
        assert decoder.pid != first


def _slow_file(tmp_path: Path) -> str:
    """A valid picture that takes any decoder seconds: 240 megapixels of deflated zeros."""
    width, height = 60_000, 4_000
    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(bytes(1 + 3 * width)) for _ in range(height)) + packer.flush()

    def chunk(name: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    path = tmp_path / "slow.png"
    path.write_bytes(
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )
    return str(path)


def test_a_decoder_that_takes_too_long_is_ended_and_starts_again(photo, tmp_path):
    slow = _slow_file(tmp_path)
    with Decoder(limit_s=0.05) as decoder:
        assert kind_of(decoder, slow) == "timeout"
        assert decoder.pid is None
    with Decoder() as decoder:
        np.testing.assert_array_equal(decoder.decode_file(photo).pixels, COLOURS)


def test_abort_from_another_thread_ends_a_decoding(tmp_path):
    slow = _slow_file(tmp_path)
    decoder = Decoder()
    caught: list[BaseException] = []

    def work() -> None:
        try:
            decoder.decode_file(slow)
        except Cancelled as error:
            caught.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    decoder.abort()
    thread.join(300)
    assert not thread.is_alive()
    assert len(caught) == 1
    assert decoder.pid is None
    with pytest.raises(Cancelled):
        decoder.decode_file(slow)


def test_the_child_ends_when_its_owner_closes(photo):
    with Decoder() as decoder:
        decoder.decode_file(photo)
        pid = decoder.pid
    assert pid is not None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


class Scripted:
    """A connection on which a decoder that was taken over says what it likes."""

    def __init__(self, *messages: bytes) -> None:
        self.messages = list(messages)

    def poll(self, _timeout: float) -> bool:
        return True

    def recv_bytes(self, _limit: int | None = None) -> bytes:
        return self.messages.pop(0)

    def send_bytes(self, _data: bytes) -> None:
        pass

    def close(self) -> None:
        pass


HEADER = (
    b'{"ok": true, "height": %d, "width": %d, "format": "PNG", "notes": [], "jpeg_quality": null}'
)


@pytest.mark.parametrize(
    "messages",
    [
        (b"\x80\x04nonsense",),
        (b"[]",),
        (b'{"ok": true}',),
        (HEADER % (-5, 40),),
        (HEADER % (1_000_000, 1_000_000),),
        (HEADER % (2, 2), bytes(13)),
    ],
)
def test_nonsense_from_a_decoder_fails_the_file_only(photo, messages, monkeypatch):
    decoder = Decoder()
    monkeypatch.setattr(decoder, "_started", lambda: Scripted(*messages))
    assert kind_of(decoder, photo) == "decoder_crashed"


def test_a_decoder_may_not_open_sockets_or_start_programs():
    with pytest.raises(PermissionError):
        confinement._refuse("socket.connect", ())
    with pytest.raises(PermissionError):
        confinement._refuse("subprocess.Popen", ())
    confinement._refuse("open", ())
