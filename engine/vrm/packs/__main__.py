"""``python -m engine.vrm.packs NAME``: assemble a pack; what set-up runs before the program."""

from __future__ import annotations

import sys

from engine.errors import EngineError
from engine.job import Progress
from engine.vrm.packs.assembly import assemble

STEP = 0.1
"""A plain line is written at each tenth of a phase."""
BAR_WIDTH = 30


class Reporter:
    """Writes progress to stderr: a bar on a terminal, plain lines elsewhere."""

    def __init__(self) -> None:
        self._phase = ""
        self._next = 0.0
        self._terminal = sys.stderr.isatty()

    def __call__(self, progress: Progress) -> None:
        """Show one report."""
        share = progress.done / progress.total if progress.total else 0.0
        if progress.phase != self._phase:
            self.end()
            self._phase, self._next = progress.phase, STEP
            if not self._terminal:
                sys.stderr.write(f"{progress.phase}\n")
        if self._terminal:
            bar = ("#" * round(share * BAR_WIDTH)).ljust(BAR_WIDTH)
            sys.stderr.write(f"\r{progress.phase} [{bar}] {share:4.0%}")
        elif share >= self._next:
            self._next = share + STEP
            sys.stderr.write(f"  {share:.0%}\n")
        sys.stderr.flush()

    def end(self) -> None:
        """Finish the current bar's line."""
        if self._terminal and self._phase:
            sys.stderr.write("\n")


def main(arguments: list[str]) -> int:
    """Assemble the named packs; return the exit code."""
    reporter = Reporter()
    try:
        for name in arguments or ["mini"]:
            pack = assemble(name, on_progress=reporter)
            reporter.end()
            sys.stderr.write(
                f"Model pack {pack.name!r} is ready in {pack.folder} "
                f"({pack.size_bytes / 1e6:.0f} MB).\n"
            )
    except EngineError as error:
        reporter.end()
        sys.stderr.write(f"residua: {error}\n")
        return 2
    except KeyboardInterrupt:
        reporter.end()
        sys.stderr.write("Stopped. Run the same command again to continue.\n")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
