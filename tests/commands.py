"""Commands run in this process: quicker than a process each, with the same streams and exit status."""

import contextlib
import io
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from trivet.cli import main


class Ran(NamedTuple):
    """How a command ended and what it printed."""

    status: int
    out: str
    err: str


class Operator:
    """Someone at the command line, whose database and sources are in a folder."""

    def __init__(self, folder: Path, set_variable: Callable[[str, str], None]) -> None:
        self.folder, self.sources = folder, folder / "sources"
        self.set = set_variable

    def __call__(self, *arguments: str) -> Ran:
        """Run one command."""
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                main(list(arguments))
            except SystemExit as end:
                status = int(end.code or 0)
        return Ran(status, out.getvalue(), err.getvalue())

    def done(self, *arguments: str) -> str:
        """Run a command that does its work without a word of complaint, and return what it printed."""
        ran = self(*arguments)
        assert (ran.status, ran.err) == (0, ""), ran
        return ran.out

    def key(self) -> str:
        """Make a live key that may verify and read."""
        return self.done("keys", "create", "--account", "Test trust (fictional)").strip()

    def refused(self, *arguments: str) -> str:
        """Run a command that can't do what it is asked, and return its one line of error."""
        ran = self(*arguments)
        assert ran.status == 3, ran
        line = ran.err.removesuffix("\n")
        assert line.startswith("trivet: "), ran
        assert "\n" not in line, ran
        return line.removeprefix("trivet: ")
