"""Help comes at once: nothing heavy is imported before a command is called."""

import resource
import subprocess
import sys
from collections.abc import Iterator

import pytest
from cyclopts import App

from tests.processes import COMMAND
from trivet.cli import app

HEAVY = ("litestar", "sqlalchemy", "alembic", "advanced_alchemy", "uvicorn", "httpx", "openpyxl")

RUN = """
import sys
from trivet.cli import main
try:
    main(sys.argv[1:])
except SystemExit as end:
    assert not end.code, end.code
print("modules:", *(m for m in {heavy} if m in sys.modules))
"""


def commands(group: App = app, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield every command, groups too, by the words that call it."""
    yield path
    for name in group:
        if not name.startswith("-"):
            yield from commands(group[name], (*path, name))


COMMANDS = sorted(set(commands()))


def test_every_command_is_known_to_these_tests() -> None:
    assert {("sync",), ("verify",), ("keys", "create"), ("sources", "check")} <= set(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda words: " ".join(words) or "trivet")
def test_help_tells_how_a_command_is_called_and_imports_nothing_heavy(
    command: tuple[str, ...],
) -> None:
    ran = subprocess.run(  # noqa: S603
        [sys.executable, "-c", RUN.format(heavy=HEAVY), *command, "--help"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert f"Usage: {' '.join(('trivet', *command))}" in ran.stdout
    assert ran.stdout.endswith("modules:\n")


def test_help_takes_little_more_than_the_library_that_writes_it() -> None:
    bare = min(_seconds([sys.executable, "-c", "import cyclopts"]) for _ in range(3))
    helped = min(_seconds([str(COMMAND), "--help"]) for _ in range(3))
    # A ratio of processor time: a busy or slow machine is no reason to fail.
    assert helped < 3 * bare


def _seconds(command: list[str]) -> float:
    """Return the processor time that a process takes, in seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, capture_output=True, check=True)  # noqa: S603
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
