"""``report`` and ``verify``."""

from __future__ import annotations

import getpass
import logging
import os
import shlex
import sys
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from engine import __version__, api
from engine.case_types import ReportSelection
from engine.cli.console import Reporter, job, out
from engine.errors import InputError
from engine.report.wording import printable

if TYPE_CHECKING:
    from engine.report.signing import SigningKey

PASSPHRASE_VARIABLE = "RESIDUA_SIGN_PASSPHRASE"
"""Holds the passphrase of the signing key, where no one can be asked."""


def report(options: Namespace, _factory: api.ExaminerFactory) -> int:
    """Write a PDF from a results folder or a case."""
    if Path(options.source).is_file() and not api.is_case(options.source):
        raise InputError(
            f"{options.source!r} is no case file of version {__version__}: name a case, or the "
            "results folder given to scan as --out."
        )
    key = _key(options)
    command = shlex.join(["residua", *_called(options)])
    with job(Reporter(quiet=options.quiet)) as ctx:
        api.write_report(
            options.source, options.out, ctx, key=key, command=command, selection=_chosen(options)
        )
    out(printable(options.out))
    return 0


def verify(options: Namespace, _factory: api.ExaminerFactory) -> int:
    """Check a report; 0 only if nothing failed."""
    # What the PDF reader warns of in a damaged file, the checks say in words.
    logging.getLogger("pypdf").addHandler(logging.NullHandler())
    checks = api.verify_report(options.file, options.evidence, trust=options.trust)
    for check in checks:
        out(f"{check.outcome.replace('_', ' '):<12} {check.name}: {printable(check.detail)}")
    return 1 if any(check.outcome == "fail" for check in checks) else 0


def _chosen(options: Namespace) -> ReportSelection | None:
    if not options.exhibits and not options.leave_out:
        return None
    return ReportSelection(
        exhibits=tuple(sorted(set(options.exhibits))), left_out=tuple(options.leave_out)
    )


def _called(options: Namespace) -> list[str]:
    """Return how the command was called; key files go by their names alone."""
    words = ["report", str(options.source), "--out", str(options.out)]
    for name, chosen in (("--exhibits", options.exhibits), ("--leave-out", options.leave_out)):
        words += [name, *map(str, chosen)] if chosen else []
    for name, file in (("--sign-key", options.sign_key), ("--sign-cert", options.sign_cert)):
        if file is not None:
            words += [name, Path(file).name]
    return words


def _key(options: Namespace) -> SigningKey | None:
    """Load the signing key; ask for its passphrase where someone can answer."""
    if options.sign_key is None:
        if options.sign_cert is not None:
            raise InputError("--sign-cert is for the certificate of a key: add --sign-key FILE.")
        return None
    passphrase = _passphrase(options)
    try:
        return api.load_signing_key(options.sign_key, options.sign_cert, passphrase)
    except InputError as error:
        if error.kind != "passphrase" or passphrase is not None:
            raise
        if not sys.stdin.isatty():
            raise InputError(
                f"{error} Give it in a file with --sign-passphrase-file, or in "
                f"{PASSPHRASE_VARIABLE}.",
                kind="passphrase",
            ) from error
    asked = getpass.getpass(f"Passphrase of {options.sign_key}: ")
    return api.load_signing_key(options.sign_key, options.sign_cert, asked)


def _passphrase(options: Namespace) -> str | None:
    file = options.sign_passphrase_file
    if file is None:
        return os.environ.get(PASSPHRASE_VARIABLE)
    try:
        lines = Path(file).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"The passphrase file {file} cannot be read ({error}).") from error
    return lines[0] if lines else ""
