"""What a decoding process can still do, tried from inside it past Python: next to nothing."""

from __future__ import annotations

import ctypes
import errno
import json
import os
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from engine import api
from engine.images import confined, confinement, job_object, landlock, offline, seccomp
from engine.images.decoder import Decoder
from engine.images.reading import read_exhibit
from engine.images.seccomp import Unavailable
from engine.scan import selftest

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="these safeguards are Linux's")


def libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def outcome(result: int) -> str:
    return "allowed" if result >= 0 else errno.errorcode[ctypes.get_errno()]


def try_everything(data, _decoded) -> bytes:
    """Run in the child: call the system directly, as code that took the process over would."""
    text = Image.open(BytesIO(data)).text
    target, secret = text["target"].encode(), text["secret"].encode()
    c = libc()
    tried = {
        "internet socket": outcome(c.socket(2, 1, 0)),
        "local socket": outcome(c.socket(1, 1, 0)),
        "make a file": outcome(c.open(target, os.O_WRONLY | os.O_CREAT, 0o600)),
        "make a folder": outcome(c.mkdir(target, 0o700)),
        "read a file elsewhere": outcome(c.open(secret, os.O_RDONLY)),
        "remove a file": outcome(c.unlink(secret)),
        "rename a file": outcome(c.rename(secret, target)),
        "fork": outcome(c.fork()),
        "run a program": outcome(c.execv(b"/bin/true", None)),
        "signal the owner": outcome(c.kill(os.getppid(), 0)),
        "trace the owner": outcome(c.ptrace(16, os.getppid(), 0, 0)),
        "name space": outcome(c.unshare(0x00020000)),
    }
    return json.dumps(tried).encode()


def grow(_data, _decoded) -> bytes:
    try:
        bytearray(16 << 30)
    except MemoryError:
        return b'"refused"'
    return b'"allowed"'


def burn(_data, _decoded) -> bytes:
    """Use up processor time; the alarm is taken away, as hostile code would."""
    import resource
    import signal

    signal.alarm(0)
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft, _ = resource.getrlimit(resource.RLIMIT_CPU)
    limited = soft - used.ru_utime - used.ru_stime
    return json.dumps([limited, hard]).encode()


def asked(look, **texts: str) -> object:
    stream = BytesIO()
    info = PngImagePlugin.PngInfo()
    for key, value in texts.items():
        info.add_text(key, value)
    Image.fromarray(np.zeros((40, 40, 3), np.uint8)).save(stream, "PNG", pnginfo=info)
    file = Path(texts["folder"]) / "picture.png"
    file.write_bytes(stream.getvalue())
    with Decoder(inspect=look) as decoder:
        lacking = [each for each in decoder.safeguards() if not each.in_force]
        if look is try_everything and {each.name for each in lacking} & {
            "system calls",
            "file access",
        }:
            pytest.skip(f"SKIPPED WITHOUT PROOF: {lacking}")
        inspected = decoder.inspected(read_exhibit(str(file)))
    assert inspected.report is not None, inspected.failure
    return json.loads(inspected.report)


@LINUX
def test_a_decoder_that_was_taken_over_can_neither_write_nor_reach_out_nor_start_anything(tmp_path):
    secret = tmp_path / "evidence.bin"
    secret.write_bytes(b"other evidence")
    target = tmp_path / "made"
    tried = asked(try_everything, folder=str(tmp_path), target=str(target), secret=str(secret))
    assert {what for what, how in tried.items() if how == "allowed"} == set()
    assert not target.exists()
    assert secret.read_bytes() == b"other evidence"


@LINUX
def test_memory_and_processor_time_are_limited(tmp_path):
    assert asked(grow, folder=str(tmp_path)) == "refused"
    left_s, _ = asked(burn, folder=str(tmp_path))
    assert 0 < left_s <= 8 * 60


def test_every_safeguard_says_whether_it_is_in_force():
    safeguards = api.safeguards()
    assert {"resource limits", "audit hook"} <= {each.name for each in safeguards}
    assert all(each.detail for each in safeguards)


def test_the_selftest_tells_of_every_safeguard():
    said = selftest._confinement()
    for each in api.safeguards():
        assert each.name in said


@LINUX
def test_what_a_kernel_lacks_is_told_with_its_reason(monkeypatch):
    def lacks(*_places) -> int:
        raise Unavailable("Landlock: Function not implemented")

    monkeypatch.setattr(landlock, "allow_reading_only", lacks)
    found = confinement._tried("file access", lambda: confinement._only_read(()))
    assert found == ("file access", False, "not available: Landlock: Function not implemented")


def test_an_unknown_machine_has_no_filter(monkeypatch):
    monkeypatch.setattr(seccomp.platform, "machine", lambda: "riscv64")
    with pytest.raises(Unavailable, match="riscv64"):
        seccomp.forbid_networks()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has job objects")
def test_job_objects_are_for_windows_alone():
    with pytest.raises(Unavailable, match="Windows"):
        job_object.enter(1 << 30)


def test_a_child_that_gives_no_account_of_itself_is_not_used(monkeypatch, tmp_path):
    monkeypatch.setattr(confined, "_told", lambda _message: ())
    file = tmp_path / "a.png"
    Image.new("RGB", (40, 40)).save(file)
    with Decoder() as decoder, pytest.raises(Exception, match="did not start"):
        decoder.decode_file(str(file))


PROBE = """
import errno, json, socket, sys
from engine import api
before = api.network().in_force
after = api.forbid_network()
def tried(family):
    try:
        socket.socket(family).close()
        return "allowed"
    except OSError as error:
        return errno.errorcode[error.errno]
import subprocess
child = subprocess.run(
    [sys.executable, "-c", "import socket; socket.socket(socket.AF_INET)"], capture_output=True
).returncode
print(json.dumps([before, after.in_force, tried(socket.AF_INET), tried(socket.AF_INET6),
                  tried(socket.AF_UNIX), tried(socket.AF_NETLINK), child]))
"""


@LINUX
def test_a_program_that_gave_up_networks_opens_local_sockets_only_and_so_do_its_children():
    answer = subprocess.run(
        [sys.executable, "-c", PROBE], capture_output=True, check=True, text=True
    ).stdout
    before, after, *tried = json.loads(answer)
    if not after:
        pytest.skip("SKIPPED WITHOUT PROOF: this kernel has no system call filters")
    assert before is False
    assert tried == ["EACCES", "EACCES", "allowed", "EACCES", 1]


def test_the_lamp_is_told_the_truth_where_nothing_is_enforced(monkeypatch):
    monkeypatch.setattr(seccomp, "networks_are_forbidden", lambda: False)
    state = offline.state()
    assert not state.in_force
    assert "does not hold" in state.detail


def test_where_the_system_cannot_enforce_it_python_refuses(monkeypatch):
    hooks = []
    monkeypatch.setattr(offline.sys, "addaudithook", hooks.append)

    def lacks() -> None:
        raise Unavailable("no filters here")

    monkeypatch.setattr(seccomp, "forbid_networks", lacks)
    assert not offline.forbid().in_force
    (hook,) = hooks
    hook("socket.connect", (None, "/run/local.sock"))
    hook("socket.connect", (None, ("127.0.0.1", 80)))
    with pytest.raises(PermissionError):
        hook("socket.connect", (None, ("192.0.2.1", 80)))
    with pytest.raises(PermissionError):
        hook("socket.getaddrinfo", ("example.org", 80))
