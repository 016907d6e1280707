"""The command line. Parsing loads nothing heavy; a command is imported when it is run.

Exit codes: 0 all done, 1 done but something failed (it is in the results), 2 the command
could not run (stderr says what, the value, what to do), 130 interrupted (what was done is
kept). stdout carries results, stderr progress and messages.
"""

from __future__ import annotations

import argparse
import importlib.util
import multiprocessing
import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from engine import __version__
from engine.cli.bench_options import add_bench, add_golden
from engine.cli.case_options import add_case
from engine.cli.model_options import add_models
from engine.cli.prnu_options import add_prnu
from engine.cli.rests_options import add_rests
from engine.cli.scan_options import add_selection
from engine.cli.streams import complain, never_fail_on_output
from engine.errors import Cancelled, EngineError, InputError
from engine.threads import wait_passively

if TYPE_CHECKING:
    from engine.api import ExaminerFactory

COULD_NOT_RUN = 2
INTERRUPTED = 130

TRAINING = {
    "train": "train the mini's adapters, projector and heads; with --host any host's",
    "probe": "measure what each decoder layer tells, and what training forgets",
    "ablate": "measure what each part of the injection is worth",
    "evaluate": "measure on a manifest or a published set: AUC, accuracies, calibration",
    "evaluate-prnu": "measure how cameras are recognised, on synthetic sensors",
    "evaluate-explanations": "check explanations on composites with known masks",
    "evaluate-choices": "measure what explanations tell of known processing, by who chooses",
    "fit-choices": "train the language model to choose what is told, from known processing",
    "fit-places": "fit the head that says which place of a picture differs most",
    "evaluate-traces": "measure derived traces on planted manipulations",
    "evaluate-edits": "measure how often a part is called edited, and fit its weights",
    "gather": "take the pictures of a list out of packages, for training and measuring",
    "calibrate": "fit the verdict's probabilities on sources not trained on",
    "export": "write trained weights with their manifest",
    "card": "bring the tables of the model card and the README up to date",
}
"""Commands that `engine.training` parses itself."""


def program() -> int:
    """Run the command line's command as the program: without a network unless it fetches."""
    wait_passively()
    return main(offline=True)


def main(
    argv: Sequence[str] | None = None,
    *,
    factory: ExaminerFactory | None = None,
    offline: bool = False,
) -> int:
    """Run one command.

    Args:
        argv: arguments after the program's name; the command line's when None.
        factory: loads the model; tests hand in one that makes a fake.
        offline: whether this process gives up networks for good before a command that has
            nothing to fetch; only the program itself, whose process ends with the command.

    Returns:
        The exit code.
    """
    # First of all, so that a child process of a frozen build never parses a command line.
    multiprocessing.freeze_support()
    never_fail_on_output()
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        return _run(arguments, factory, offline=offline)
    except Cancelled as error:
        complain(str(error))
        return INTERRUPTED
    except EngineError as error:
        complain(f"residua: {error}")
        return COULD_NOT_RUN
    except KeyboardInterrupt:
        complain("Interrupted. What was done is kept.")
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read the results has gone; Python must not fail again when it flushes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return INTERRUPTED


def _run(arguments: list[str], factory: ExaminerFactory | None, *, offline: bool) -> int:
    if arguments and arguments[0] in TRAINING:
        return _training(arguments[0], "--host" in arguments)(arguments)
    if arguments and arguments[0] == "test":
        from engine.cli.upkeep import run_tests

        return run_tests(arguments[1:])
    options = _parsed(arguments)
    if offline and not _reaches_out(options):
        from engine.api import forbid_network

        forbid_network()
    if getattr(options, "triage_accuracy", None) is not None:
        from engine.cli.accuracy import bench_accuracy

        return bench_accuracy(options)
    if options.command == "bench" and options.traces:
        from engine.cli.tracing import bench_traces

        return bench_traces(options)
    command = _command(options.command, getattr(options, "action", None))
    if factory is None:
        from engine.api import load_examiner

        factory = partial(load_examiner, weights=getattr(options, "weights", "auto"))
    return command(options, factory)


def _reaches_out(options: argparse.Namespace) -> bool:
    """Return whether a command needs other machines: to fetch a pack, or to share a scan."""
    fetches = options.command == "models" and options.action == "assemble"
    shares = getattr(options, "distributed", None) or getattr(options, "workers", None)
    return fetches or shares is not None


def _parsed(arguments: list[str]) -> argparse.Namespace:
    parser = make_parser()
    options = parser.parse_args(arguments)
    if options.command == "scan" and options.case is None:
        if not options.paths:
            parser.error("scan: name a PATH, or a case whose exhibits to scan with --case FILE")
        if options.out is None:
            parser.error("scan: say where results go, with --out DIR, --case FILE or both")
    if options.command == "trace" and options.image is None and not options.list:
        parser.error("trace: name an IMAGE, or see the methods with --list")
    return options


def _training(name: str, of_host: bool) -> Callable[[Sequence[str]], int]:
    """Import the module of a training command and return its entry."""
    if name == "train" and of_host:
        from engine.training.host_cli import main as train_host

        return train_host
    if name == "probe":
        if importlib.util.find_spec("matplotlib") is None:
            raise InputError(
                "probe draws a figure with matplotlib, which is not installed here: install the "
                "program's extra 'training' (pip install -c constraints.txt '.[training]')."
            )
        from engine.training.layers_cli import main as probe

        return probe
    if name == "evaluate-prnu":
        from engine.training.sensors import main as recognise

        return recognise
    if name == "ablate":
        from engine.training.ablations_cli import main as ablate

        return ablate
    if name == "evaluate-traces":
        from engine.training.traces_cli import main as evaluate_traces

        return evaluate_traces
    if name in ("evaluate-choices", "fit-choices"):
        from engine.training.telling_cli import main as of_choices

        return of_choices
    if name == "evaluate-edits":
        from engine.training.edits_cli import main as evaluate_edits

        return evaluate_edits
    if name == "gather":
        from engine.training.gathering import main as gather

        return gather
    from engine.training.cli import main as train

    return train


def _command(name: str, action: str | None) -> Callable[[argparse.Namespace, ExaminerFactory], int]:
    """Import the module of a command and return it."""
    if name == "case":
        from engine.cli import cases

        return cases.ACTIONS[str(action)]
    if name in ("scan", "examine", "gui"):
        from engine.cli import scanning

        return {"scan": scanning.scan, "examine": scanning.examine, "gui": scanning.gui}[name]
    if name == "prnu":
        from engine.cli import prnu

        return prnu.ACTIONS[str(action)]
    if name == "trace":
        from engine.cli.tracing import trace

        return trace
    if name == "rests":
        from engine.cli.rests import rests

        return rests
    if name == "trust":
        from engine.cli import trust

        return {"import": trust.take, "show": trust.show}[action or "show"]
    if name in ("report", "verify"):
        from engine.cli import reports

        return {"report": reports.report, "verify": reports.verify}[name]
    from engine.cli import upkeep

    return {
        "list": upkeep.models_list,
        "verify": upkeep.models_verify,
        "assemble": upkeep.models_assemble,
        "import": upkeep.models_import,
        "export": upkeep.models_export,
        "machine": upkeep.models_machine,
        "golden": upkeep.golden,
        "bench": upkeep.bench,
        "selftest": upkeep.selftest,
    }[action or name]


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    parser = argparse.ArgumentParser(
        prog="residua",
        description="Says whether a photograph is real, and why, on this machine alone.",
        epilog="Exit codes: 0 done, 1 some images failed, 2 could not run, 130 interrupted.",
    )
    parser.add_argument("--version", action="version", version=f"residua {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    quiet = argparse.ArgumentParser(add_help=False)
    quiet.add_argument("--quiet", action="store_true", help="no progress on stderr")
    _add_scanning(commands, quiet)
    _add_reports(commands, quiet)
    _add_upkeep(commands, quiet)
    add_prnu(commands, quiet)
    for name, says in TRAINING.items():
        commands.add_parser(name, help=says, add_help=False)
    commands.add_parser("test", help="the whole test command of a checkout", add_help=False)
    return parser


_Commands = argparse._SubParsersAction


def _add_scanning(
    commands: _Commands[argparse.ArgumentParser], quiet: argparse.ArgumentParser
) -> None:
    loaded = argparse.ArgumentParser(add_help=False)
    _add_model(loaded)
    model = argparse.ArgumentParser(add_help=False, parents=[loaded])
    mode = model.add_mutually_exclusive_group()
    mode.add_argument("--no-explain", action="store_true", help="verdict and heat map only")
    mode.add_argument(
        "--triage", action="store_true", help="the fast path without the language model"
    )
    model.add_argument(
        "--traces",
        action=argparse.BooleanOptionalAction,
        help="compute derived traces (default: yes, but not with --triage)",
    )
    scan = commands.add_parser(
        "scan", parents=[model, quiet], help="examine every image in files and folders"
    )
    scan.add_argument("paths", nargs="*", metavar="PATH", help="file, or folder (recursively)")
    scan.add_argument("--out", metavar="DIR", help="where results go; needed without --case")
    scan.add_argument("--report", action="store_true", help="also write DIR/report.pdf")
    scan.add_argument(
        "--near-duplicates", action="store_true", help="also write DIR/near-duplicates.jsonl"
    )
    scan.add_argument("--jobs", type=int, default=1, metavar="N", help="decoding processes")
    scan.add_argument(
        "--case", metavar="FILE", help="case that takes files and results; without PATH its own"
    )
    scan.add_argument("--operator", metavar="NAME", help="who scans into the case")
    add_selection(scan)
    scan.add_argument("--again", action="store_true", help="examine also what is done already")
    scan.add_argument(
        "--progress", choices=("text", "json"), default="text", help="json: an event a line, stderr"
    )
    scan.add_argument(
        "--distributed",
        metavar="ADDRESS",
        help="let the workers of a Ray cluster examine (host:port, auto), or local ones (local)",
    )
    scan.add_argument(
        "--workers", type=int, metavar="N", help="with --distributed: how many (one a machine)"
    )
    _add_looking(commands, quiet, model)
    add_rests(commands, quiet, loaded)


def _add_looking(
    commands: _Commands[argparse.ArgumentParser],
    quiet: argparse.ArgumentParser,
    model: argparse.ArgumentParser,
) -> None:
    examine = commands.add_parser("examine", parents=[model, quiet], help="examine one image")
    examine.add_argument("image", metavar="IMAGE")
    examine.add_argument("--json", action="store_true", help="one JSON object")
    trace = commands.add_parser(
        "trace", parents=[quiet], help="derived traces of one image, with maps and curves"
    )
    trace.add_argument("image", nargs="?", metavar="IMAGE")
    trace.add_argument(
        "--method", action="append", metavar="NAME", help="only this one; may be repeated"
    )
    trace.add_argument("--out", metavar="DIR", help="write maps as PNG, curves as CSV and SVG")
    trace.add_argument("--json", action="store_true", help="one JSON array")
    trace.add_argument("--list", action="store_true", help="which methods there are")
    gui = commands.add_parser("gui", parents=[quiet], help="open the window")
    gui.add_argument("paths", nargs="*", metavar="PATH", help="files and folders to open")
    gui.add_argument(
        "--check", action="store_true", help="only say when it can be used (JSON), and close it"
    )


def _add_reports(
    commands: _Commands[argparse.ArgumentParser], quiet: argparse.ArgumentParser
) -> None:
    report = commands.add_parser("report", parents=[quiet], help="a PDF from stored results")
    report.add_argument("source", metavar="DIR|CASE", help="folder given to scan as --out, or case")
    report.add_argument("--out", required=True, metavar="FILE.pdf")
    report.add_argument(
        "--exhibits", nargs="+", type=int, default=[], metavar="N", help="of a case: only these"
    )
    report.add_argument(
        "--leave-out",
        nargs="+",
        default=[],
        choices=("custody", "notes", "decisions", "log"),
        help="of a case: parts that may be missing; the cover names them",
    )
    report.add_argument("--sign-key", metavar="FILE", help="sign with this PKCS#12 or PEM key")
    report.add_argument("--sign-cert", metavar="FILE", help="its certificate, PEM or DER")
    report.add_argument(
        "--sign-passphrase-file", metavar="FILE", help="first line opens the key; else asked for"
    )
    verify = commands.add_parser("verify", help="check a report")
    verify.add_argument("file", metavar="FILE.pdf")
    verify.add_argument("--evidence", metavar="DIR", help="also check the files' hashes")
    verify.add_argument("--trust", metavar="CERT", help="also check that signatures lead to it")
    add_case(commands, quiet)


def _add_upkeep(
    commands: _Commands[argparse.ArgumentParser], quiet: argparse.ArgumentParser
) -> None:
    add_models(commands, quiet)
    trust = commands.add_parser("trust", help="whose Content Credentials (C2PA) are trusted")
    actions = trust.add_subparsers(dest="action", metavar="ACTION", required=True)
    actions.add_parser("show", help="the list in use and its date")
    bring = actions.add_parser("import", help="take a trust list from a PEM file, no network")
    bring.add_argument("source", metavar="FILE.pem")
    bring.add_argument("--dated", required=True, metavar="YYYY-MM-DD", help="date of the list")
    add_golden(commands)
    model = argparse.ArgumentParser(add_help=False)
    _add_model(model)
    add_bench(commands, quiet, model)
    proof = commands.add_parser("selftest", parents=[quiet], help="the program proves itself")
    proof.add_argument(
        "--no-window", dest="window", action="store_false", help="leave the window out"
    )


def _add_model(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--model", default="mini", metavar="NAME|DIR", help="model pack or folder")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    parser.add_argument(
        "--weights",
        choices=("auto", "stored", "int8", "int4", "offload"),
        default="auto",
        help="how a large checkpoint is held in the device's memory (auto: what fits)",
    )


if __name__ == "__main__":
    sys.exit(program())
