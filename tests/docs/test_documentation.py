"""The documentation says what is so: its examples run, its commands, settings and links exist."""

import asyncio
import contextlib
import io
import json
import os
import re
import secrets
import shlex
import shutil
import subprocess
import sys
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, NamedTuple

import httpx
import msgspec
import pytest
from cyclopts import App, CycloptsError

from tests.cli.test_help import COMMANDS
from tests.commands import Operator
from tests.processes import COMMAND, PATIENCE, Served, environment, served
from trivet.access.limits import Policy
from trivet.alerts.bulk import COLUMNS
from trivet.alerts.deliveries import SCHEDULE
from trivet.alerts.events import Event, EventType
from trivet.alerts.samples import sample
from trivet.alerts.sending import rendered, signed
from trivet.alerts.watched import ELEMENTS
from trivet.cli import app
from trivet.cli.receiving import SECRET
from trivet.cli.roster.directory import TOKEN
from trivet.ids import new_id
from trivet.london import day_of
from trivet.sample import FOLDER
from trivet.settings import load_settings
from trivet.verification.next_steps import STEPS
from trivet.verification.reasons import REASONS

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "service" / "docs"
DASHBOARD = ROOT / "service" / "deploy" / "grafana.json"
README = ROOT / "README.md"
CONFIG = ROOT / "service" / "mkdocs.yml"
PAGES = [p for p in sorted(DOCS.rglob("*.md")) if p.parent.name != "decisions"]
TEXTS = {page: page.read_text() for page in [README, *PAGES]}

RUN = [p for p in PAGES if p.parent.name in ("integrator", "operator", "commissioner")]
"""The pages whose commands are run."""

NOT_RUN = {
    "a file of yours": (1, "the command has tests of its own, with files"),
    "a directory of yours": (1, "tests/cli/test_roster_directory.py asks one"),
    "docker": (7, "a daemon, images from the network and minutes"),
    "until interrupted": (
        4,
        "the service that answers here was started before, and so was a receiver",
    ),
    "would take the place of the settings of this test": (1, "the test has a folder of its own"),
    "needs a reading that tripped a guard": (1, "tests/cli/test_quarantine.py does it"),
    "needs a PostgreSQL": (2, "in containers"),
    "a site of yours": (1, "tests/client/test_webhook_handlers.py mounts the view in a site"),
}
"""The blocks that are not run: by what the pages say before them, how many there are, and why."""


class Block(NamedTuple):
    """A fenced block of a page: its language, its text, and why it is not run, if it says so."""

    language: str
    text: str
    not_run: str | None


FENCED = re.compile(
    r"^(?:<!-- not run: ([^>\n]+) -->\n)?```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL
)


def blocks(page: Path, *languages: str) -> list[Block]:
    found = [Block(m[2], m[3], m[1]) for m in FENCED.finditer(TEXTS[page])]
    return [block for block in found if block.language in languages]


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


def test_every_block_of_a_page_is_found() -> None:
    for page, text in TEXTS.items():
        fences = len(re.findall(r"^```", text, re.MULTILINE))
        assert fences == 2 * len(FENCED.findall(text)), name_of(page)


def test_what_is_not_run_is_counted_and_has_a_reason() -> None:
    counted = Counter(
        block.not_run
        for page in RUN
        for block in blocks(page, "sh", "console", "python")
        if block.not_run
    )
    assert counted == {why: count for why, (count, _) in NOT_RUN.items()}


# ---- what runs


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as an operator has it, with the sample register as its source."""
    folder = tmp_path_factory.mktemp("prepared")
    environ = environment(folder)
    shutil.copy(FOLDER / "register.json", folder / "sources" / "register.json")
    shutil.copy(FOLDER / "sample.toml", folder / "sources" / "sample.toml")
    subprocess.run([COMMAND, "sync"], env=environ, check=True, timeout=PATIENCE)  # noqa: S603
    return folder


class Taking(BaseHTTPRequestHandler):
    """Takes whatever is sent to it, as a receiver of webhooks does that is well."""

    def do_POST(self) -> None:
        """Read the body and answer 204."""
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def receiving() -> Iterator[int]:
    """The port of this machine at which webhooks are taken."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Taking) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def answering(prepared: Path, receiving: int) -> Iterator[Served]:
    """The service that all pages that ask one share, as it answers from that folder."""
    inside = {
        "TRIVET_WEBHOOK_NETWORKS": "127.0.0.0/8",
        "TRIVET_WEBHOOK_PORTS": f"443,{receiving}",
    }
    with served(prepared, **inside) as running:
        yield running


@pytest.fixture
def asking(operator: Operator, prepared: Path, answering: Served, receiving: int) -> Operator:
    """Someone at the machine of the service, with a key to ask it and a receiver of webhooks."""
    for name, value in environment(prepared).items():
        operator.set(name, value)
    operator.set("TRIVET_URL", answering.address)
    operator.set("TRIVET_API_KEY", watching(operator))
    operator.set("RECEIVER", f"http://127.0.0.1:{receiving}")
    operator.set(SECRET, f"whsec_{b64encode(secrets.token_bytes(32)).decode()}")
    operator.set("no_proxy", "127.0.0.1")
    return operator


def watching(operator: Operator) -> str:
    """Make a live key that may watch as well."""
    named = ("--account", "Test trust (fictional)", "--scopes", "verify,read,watch")
    return operator.done("keys", "create", *named).strip()


@pytest.fixture
def alone(operator: Operator, prepared: Path) -> Operator:
    """Someone with a copy of that folder, who may do with it what they like."""
    shutil.copytree(prepared, operator.folder, dirs_exist_ok=True)
    operator.set("TRIVET_API_KEY", operator.key())
    return operator


ASKS = re.compile(r"TRIVET_URL|trivet verify")
SHOWN = {p: [b for b in blocks(p, "sh", "console") if not b.not_run] for p in RUN}
PAGES_THAT_ASK = [p for p in RUN if any(ASKS.search(block.text) for block in SHOWN[p])]
OTHER_PAGES = [p for p in RUN if SHOWN[p] and p not in PAGES_THAT_ASK]


@pytest.mark.parametrize("page", PAGES_THAT_ASK, ids=name_of)
def test_what_a_page_shows_of_a_running_service_can_be_done(
    page: Path, asking: Operator, prepared: Path
) -> None:
    check(page, asking, prepared)


@pytest.mark.parametrize("page", OTHER_PAGES, ids=name_of)
def test_what_a_page_shows_can_be_done(page: Path, alone: Operator) -> None:
    check(page, alone, alone.folder)


def check(page: Path, operator: Operator, folder: Path) -> None:
    """Run the blocks of a page one after the other, and compare what a console shows."""
    script = filled("".join(scripted(SHOWN[page])), operator, folder)
    for tool in ("bash", "curl", "openssl"):
        if not shutil.which(tool) and (tool == "bash" or tool in script):
            pytest.skip(f"the page uses {tool}, which is not on this machine")
    status, printed = done(script, operator)
    assert status == 0, printed
    for expected, said in zip(expectations(SHOWN[page]), printed.split(MARK)[1:], strict=True):
        assert re.search(expected, said, re.DOTALL), (expected, said)


def filled(text: str, operator: Operator, folder: Path) -> str:
    """Put what there is here in the place of what the pages say."""
    while "0123456789abcdef" in text:
        text = text.replace("0123456789abcdef", operator.key().split("_")[2], 1)
    for said, here in {
        "http://127.0.0.1:8000": os.environ.get("TRIVET_URL", ""),
        "http://127.0.0.1:8090": os.environ.get("RECEIVER", ""),
        "tvt_live_…": os.environ["TRIVET_API_KEY"],
        "sources/register.toml": "sources/sample.toml",
        "trivet sync register": "trivet sync sample",
        "/etc/trivet": str(folder),
        "/var/lib/trivet": str(folder),
        "/var/backups/trivet": str(operator.folder / "backups"),
    }.items():
        text = text.replace(said, here)
    return text


STUB = """#!/bin/bash
printf '%s\\0' "$@" > ../called
read -r status < ../ended
cat ../out
cat ../err >&2
exit "$status"
"""
"""Hands a command to the test's own process, which has imported all that a new one would first have to."""


def done(script: str, operator: Operator) -> tuple[int, str]:
    """Run a script whose commands of trivet are done in this process; return its status and all that it printed."""
    folder, called = operator.folder, operator.folder / "called"
    for place in ("bin", "work"):
        (folder / place).mkdir()
    stub = folder / "bin" / "trivet"
    stub.write_text(STUB)
    stub.chmod(0o700)
    (folder / "bin" / ".curlrc").write_text("fail\n")  # a problem ends the script
    for fifo in ("called", "ended"):
        os.mkfifo(folder / fifo)
    (folder / "script").write_text(f"trap 'printf over > ../called' EXIT\n{script}")
    with (folder / "printed").open("wb") as printed, contextlib.chdir(folder / "work"):
        running = subprocess.Popen(  # noqa: S603
            ["/bin/bash", "-eu", "-o", "pipefail", folder / "script"],
            env={
                **os.environ,
                "PATH": f"{stub.parent}:{os.environ['PATH']}",
                "CURL_HOME": str(stub.parent),
            },
            stdout=printed,
            stderr=subprocess.STDOUT,
        )
        try:
            while (asked := called.read_bytes()) != b"over":
                ran = operator(*asked.decode().split("\0")[:-1])
                (folder / "out").write_text(ran.out)
                (folder / "err").write_text(ran.err)
                (folder / "ended").write_text(f"{ran.status}\n")
            return running.wait(PATIENCE), (folder / "printed").read_text()
        finally:
            running.kill()  # where the command broke, it would wait for ever
            running.wait(PATIENCE)


MARK = "---- the next command\n"


def scripted(shown: list[Block]) -> Iterator[str]:
    """Yield the blocks as a script; each command of a console is marked in what it prints."""
    for block in shown:
        if block.language == "sh":
            yield block.text
        for command, _ in commands_of(block):
            yield f"printf '%s' {shlex.quote(MARK)}\n{command}\n"
        yield f"printf '%s' {shlex.quote(MARK)}\n" if block.language == "sh" else ""


def expectations(shown: list[Block]) -> Iterator[str]:
    """Yield what each marked part prints: the lines of a page in order, with `…` for anything."""
    for block in shown:
        for _, lines in commands_of(block):
            yield ".*".join(re.escape(line.strip()).replace("…", ".*") for line in lines)
        if block.language == "sh":
            yield ""


def commands_of(block: Block) -> Iterator[tuple[str, list[str]]]:
    if block.language == "console":
        for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
            command, *lines = part.splitlines()
            yield command, [line for line in lines if line.strip()]


def test_the_python_that_pages_show_runs(asking: Operator) -> None:
    shown = [(page, b) for page in TEXTS for b in blocks(page, "python") if not b.not_run]
    assert len(shown) >= 8
    for page, block in shown:
        printed, made = io.StringIO(), dict[str, Any]()
        with contextlib.redirect_stdout(printed):
            exec(compile(block.text, name_of(page), "exec"), made)  # noqa: S102
            received_by(made)
        assert printed.getvalue(), name_of(page)


def received_by(made: Mapping[str, Any]) -> None:
    """Send a webhook to what a page has made for that: an application, or a function."""
    now = datetime.now(UTC)
    event = sample(EventType.CERTIFICATION_SUSPENDED, new_id("evt"), "1", now, day_of(now))
    body = rendered(event)
    headers = signed(event.id, body, [os.environ[SECRET]], now)
    forged = {**headers, "webhook-signature": "v1,forged"}
    if "application" in made:
        transport = httpx.ASGITransport(made["application"])
        assert asyncio.run(sent(transport, headers, body)) == 204
        assert asyncio.run(sent(transport, forged, body)) == 401
    if "receive" in made:
        assert made["receive"](headers, body) == 204
        assert made["receive"](forged, body) == 401


async def sent(transport: httpx.ASGITransport, headers: Mapping[str, str], body: bytes) -> int:
    async with httpx.AsyncClient(transport=transport) as client:
        answered = await client.post("http://receiver/", headers=dict(headers), content=body)
    return answered.status_code


# ---- commands


def shown_commands(page: Path) -> Iterator[list[str]]:
    """Yield the arguments of every command of trivet in the blocks of a page."""
    for block in blocks(page, "sh", "console", "ini"):
        for line in block.text.replace("\\\n", " ").splitlines():
            if block.language != "console" or line.startswith("$ "):
                yield from arguments_in(line.removeprefix("$ "))


def arguments_in(line: str) -> Iterator[list[str]]:
    """Yield the arguments of trivet in a line, called by itself or in a container."""
    if "trivet" not in line or "-d '" in line:
        return
    for words in simple_commands(line):
        if words[0].rpartition("/")[2] == "trivet":
            yield words[1:]
        elif words[0] == "docker" and "exec" in words:
            _, *called = [w for w in words[words.index("exec") + 1 :] if w != "-T"]
            yield from [called[1:]] if called[0] == "trivet" else []
        elif words[0] == "docker" and "trivet:local" in words:
            yield words[words.index("trivet:local") + 1 :]
        elif words[:5] == ["docker", "compose", "run", "--rm", "worker"]:
            yield words[5:]


def simple_commands(line: str) -> Iterator[list[str]]:
    lexer = shlex.shlex(line, posix=True, punctuation_chars="|&;()<>")
    lexer.whitespace_split = True
    words: list[str] = []
    for word in [*lexer, ";"]:
        if set(word) <= set("|&;()<>"):
            yield from [words] if words else []
            words = []
        else:
            words.append(word)


@pytest.mark.parametrize("page", TEXTS, ids=name_of)
def test_every_command_that_a_page_shows_can_be_called_so(page: Path) -> None:
    for words in shown_commands(page):
        if words == ["--version"]:
            continue
        try:
            app.parse_args(words, exit_on_error=False, print_error=False)
        except CycloptsError as error:
            raise AssertionError(f"{name_of(page)}: trivet {' '.join(words)}: {error}") from error


@pytest.mark.parametrize("page", TEXTS, ids=name_of)
def test_every_command_and_option_that_a_page_names_exists(page: Path) -> None:
    prose = FENCED.sub("", TEXTS[page])
    code = " ".join(f"`{inline}`" for inline in re.findall(r"`([^`]+)`", prose))
    for named in re.findall(r"`(?:[^`]*\s)?trivet ([^`]+)`", code):
        words = shlex.split(named.replace("\n", " ").replace("[", "").replace("]", ""))
        command, path = app, []
        while words and not words[0].startswith("-") and words[0] in command:
            path.append(words.pop(0))
            command = command[path[-1]]
        assert path or words[0] == "--help", (name_of(page), named)
        assert tuple(path) in COMMANDS, (name_of(page), named)
        inside = [word for word in words if not word.startswith("-")]
        assert command.default_command or not inside, (name_of(page), named)
        for option in (word.partition("=")[0] for word in words if word.startswith("--")):
            assert option in options_of(command), (name_of(page), named)


def options_of(command: App) -> set[str]:
    collected = command.assemble_argument_collection() if command.default_command else []
    return {name for argument in collected for name in argument.names} | {"--help", "--version"}


def test_every_command_is_told_of() -> None:
    told = "\n".join(TEXTS.values())
    leaves = [c for c in COMMANDS if c and not any(o[: len(c)] == c and o != c for o in COMMANDS)]
    missing = [" ".join(c) for c in leaves if f"trivet {' '.join(c)}" not in told]
    assert missing == [], "tell of them in service/docs/operator/commands.md"


# ---- settings


class Watched(dict[str, str]):
    """An environment that notes which variables are asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: set[str] = set()

    def get(self, key: str, default: str | None = None) -> str | None:  # type: ignore[override]
        self.asked.add(key)
        return super().get(key, default)


def settings_read() -> set[str]:
    environ = Watched()
    load_settings(environ)
    return {name for name in environ.asked if name.startswith("TRIVET_")}


def test_the_table_of_settings_holds_every_setting_with_its_default() -> None:
    page = TEXTS[DOCS / "operator" / "settings.md"]
    rows = dict(re.findall(r"^\| `(TRIVET_\w+)` \| .* \| (.*?) ?\|$", page, re.MULTILINE))
    assert set(rows) == settings_read()
    settings = load_settings({})
    for name, default in {
        "TRIVET_KEEP_RAW": settings.keep_raw,
        "TRIVET_KEEP_QUESTIONS": settings.keep_questions,
        "TRIVET_UNKNOWN_TRAINERS_PER_DAY": settings.unknown_trainers,
        "TRIVET_REQUESTS_PER_MINUTE": settings.requests,
        "TRIVET_TRAINER_QUESTIONS_PER_MINUTE": settings.trainer_questions,
        "TRIVET_REQUESTS_AT_ONCE": settings.most_at_once,
        "TRIVET_LOG_FORMAT": settings.log_format,
        "TRIVET_WEBHOOK_PORTS": settings.webhook_ports_given,
        "TRIVET_URL": settings.url,
    }.items():
        assert rows[name] == f"`{default}`", name


def test_the_readme_names_every_setting() -> None:
    assert settings_read() <= set(re.findall(r"TRIVET_[A-Z_]+", TEXTS[README]))


def test_no_page_names_a_setting_that_there_is_not() -> None:
    of_compose = set(re.findall(r"\$\{(TRIVET_\w+)", (ROOT / "compose.yaml").read_text()))
    for page, text in TEXTS.items():
        named = set(re.findall(r"\bTRIVET_[A-Z_]+\b", text))
        assert named <= settings_read() | of_compose | {SECRET, TOKEN}, name_of(page)


def test_the_limits_that_are_published_are_those_that_hold() -> None:
    page, settings = TEXTS[DOCS / "integrator" / "errors.md"], load_settings({})
    rows = dict(re.findall(r"^\| `([a-z-]+)` \| .* \| (\d+) a \w+", page, re.MULTILINE))
    assert rows == {
        Policy.REQUESTS: str(settings.requests_per_minute),
        Policy.TRAINERS: str(settings.trainer_questions_per_minute),
        "unknown-trainers": str(settings.unknown_trainers_per_day),
    }


# ---- what the pages tell of the code


def test_every_code_of_a_problem_is_told_with_its_status() -> None:
    page = TEXTS[DOCS / "integrator" / "errors.md"]
    told = {
        (status, code)
        for statuses, codes in re.findall(r"^\| ([\d, ]+) \| (`.*?) \| ", page, re.MULTILINE)
        for status in statuses.split(", ")
        for code in re.findall(r"`(\w+)`", codes)
    }
    raised = {
        (status, code)
        for file in (ROOT / "service" / "trivet").rglob("*.py")
        for status, code in re.findall(r'Problem\(\s*(\d{3}),\s*"(\w+)"', file.read_text())
    }
    of_confirmations = {("400", "invalid_confirmation"), ("409", "already_ended")}
    assert raised - of_confirmations - told == set()


def test_every_reason_stands_on_the_page_with_its_next_step() -> None:
    page = TEXTS[DOCS / "commissioner" / "reasons.md"]
    rows = dict(re.findall(r"^\| `(\w+)` \| (.*) \|$", page, re.MULTILINE))
    assert set(rows) == set(REASONS)
    for code, reason in REASONS.items():
        means, _, do = rows[code].partition(" | ")
        told = re.sub(r"^Not confirmed: (.*)\. This is not a finding.*$", r"\1.", reason.text)
        assert means.lower() == told.lower(), code
        assert do == STEPS[reason.next_step].text, code


WATCHES = DOCS / "integrator" / "watches.md"
WEBHOOKS = DOCS / "integrator" / "webhooks.md"


def test_every_kind_of_watch_stands_on_the_page_with_what_it_is_judged_by() -> None:
    rows = dict(re.findall(r"^\| `(\w+)`.*? \| .* \| (.*?) \|$", TEXTS[WATCHES], re.MULTILINE))
    told = {kind: {*re.findall(r"`(\w+)`", rows[kind])} for kind in ELEMENTS}
    assert told == {kind: {*elements} for kind, elements in ELEMENTS.items()}


def test_every_column_of_watches_in_csv_stands_on_the_page() -> None:
    _, section = TEXTS[WATCHES].split("## Many from a file\n")
    told = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \|", section, re.MULTILINE)
    assert [c for row in told for c in re.findall(r"`(\w+)`", row)] == [*COLUMNS]


def test_every_type_of_event_stands_on_the_page() -> None:
    rows = re.findall(r"^\| (`\w+\.\w+`.*?) \| ", TEXTS[WATCHES], re.MULTILINE)
    told = [kind for row in rows for kind in re.findall(r"`([\w.]+)`", row)]
    assert sorted(told) == sorted(EventType)


def test_the_event_that_is_shown_is_a_whole_one() -> None:
    shown = next(b.text for b in blocks(WEBHOOKS, "json") if '"effectiveOn"' in b.text)
    assert json.loads(msgspec.json.encode(msgspec.json.decode(shown, type=Event))) == json.loads(
        shown
    )


def test_the_times_at_which_is_tried_again_are_told() -> None:
    rows = re.findall(r"^\| \d+ \| (\d+) (second|minute|hour)s? \|", TEXTS[WEBHOOKS], re.MULTILINE)
    assert tuple(timedelta(**{f"{unit}s": int(n)}) for n, unit in rows) == SCHEDULE


def dashboard_queries() -> list[str]:
    board = json.loads(DASHBOARD.read_text())
    return [target["expr"] for panel in board["panels"] for target in panel["targets"]]


def test_the_dashboard_and_the_page_ask_for_the_metrics_that_there_are(answering: Served) -> None:
    metrics = httpx.get(f"{answering.address}/metrics", trust_env=False).text
    known = re.findall(r"^# TYPE (trivet_\w+) \w+$", metrics, re.MULTILINE)
    families = {name for name in known if not name.endswith("_created")}
    asked = set(re.findall(r"trivet_\w+", " ".join(dashboard_queries())))
    assert {re.sub("_(bucket|count|sum)$", "", name) for name in asked} == families
    page = TEXTS[DOCS / "operator" / "monitoring.md"]
    assert set(re.findall(r"^\| `(trivet_\w+)`", page, re.MULTILINE)) == families


# ---- links


@pytest.mark.parametrize("page", TEXTS, ids=name_of)
def test_every_link_within_leads_somewhere(page: Path) -> None:
    prose = FENCED.sub("", TEXTS[page])
    for link in re.findall(r"\]\(([^)\s]+)\)", prose):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), (name_of(page), link)
        if anchor:
            assert anchor in anchors(target), (name_of(page), link)


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.*)$", FENCED.sub("", page.read_text()), re.MULTILINE)
    plain = (re.sub(r"[^\w\s-]", "", heading).strip().lower() for heading in headings)
    return {re.sub(r"[-\s]+", "-", heading) for heading in plain}


def test_the_pages_stand_in_the_navigation_and_load_nothing_from_elsewhere(tmp_path: Path) -> None:
    pytest.importorskip("mkdocs", reason="`make setup` installs it")
    built = subprocess.run(  # noqa: S603
        [
            sys.executable,
            "-m",
            "mkdocs",
            "build",
            "--strict",
            "--quiet",
            "--site-dir",
            tmp_path,
            "-f",
            CONFIG,
        ],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    pages = [*tmp_path.rglob("*.html")]
    assert len(pages) > len(PAGES)
    for page in pages:
        loaded = r"<(?:script|img|iframe)[^>]* src=\"https?:|<link[^>]* href=\"https?:"
        assert not re.findall(loaded, page.read_text()), page.name
