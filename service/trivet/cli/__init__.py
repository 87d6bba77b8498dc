"""The command line: every command with its options.

What a command does is imported when it is called, so that help comes at once.
"""

import sys
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, CycloptsError, Parameter

from trivet import __version__

COULD_NOT = 3
"""The exit status of what could not be done: for `verify`, that the question could not be asked."""

app = App(
    name="trivet",
    version=__version__,
    help="Checks that restrictive-practice training is certified: provider, programme and trainer.",
    help_format="plaintext",  # what reads markdown takes as long to import as all the rest
    exit_on_error=False,
    print_error=False,
    result_action="return_value",
)
sources = App(name="sources", help="The sources that the register is mirrored from.")
register = App(name="register", help="The mirrored register.")
quarantine = App(name="quarantine", help="Readings that were not believed, and wait for you.")
confirmations = App(
    name="confirmations", help="What the certification body confirmed to you, record by record."
)
keys = App(name="keys", help="API keys.")
accounts = App(name="accounts", help="Accounts: whose keys there are, and what they accept.")
receipt = App(name="receipt", help="Receipts of verifications.")
people = App(name="people", help="What is held of a trainer: finding and erasing it.")
watches = App(name="watches", help="What you rely on, watched: you are told when it moves.")
webhooks = App(name="webhooks", help="The addresses that a service sends events to.")
audit = App(name="audit", help="Who asked what about whom, and what operators did.")
database = App(name="database", help="The database.")
for group in (
    sources,
    register,
    quarantine,
    confirmations,
    keys,
    accounts,
    receipt,
    people,
    watches,
    webhooks,
    audit,
    database,
):
    app.command(group)
app.command(
    "trivet.cli.asking:verify",
    name="verify",
    help="Ask whether training is certified: exit status 0 pass, 1 fail, 2 cannot confirm, 3 could not ask.",
)
app.command("trivet.cli.roster.command:roster", name="roster")
for group, name, called, told in (
    (
        watches,
        "add",
        "trivet.cli.watches:add",
        "Watch training, or a part of it, and say where it stands now: exit status as of `verify`.",
    ),
    (
        watches,
        "import",
        "trivet.cli.watches:import_file",
        "Watch every row of a csv file: exit status 0 if all are watched, 3 if some are refused.",
    ),
    (watches, "list", "trivet.cli.watches:list_watches", "List what is watched."),
    (watches, "end", "trivet.cli.watches:end", "End a watch."),
    (
        app,
        "events",
        "trivet.cli.events:events",
        "Print what was told of what is watched, and follow it.",
    ),
    (webhooks, "add", "trivet.cli.webhooks:add", "Have events sent to an address."),
    (webhooks, "list", "trivet.cli.webhooks:list_endpoints", "List the endpoints."),
    (
        webhooks,
        "test",
        "trivet.cli.webhooks:send_test",
        "Send a test event to an endpoint: exit status 0 delivered, 1 not.",
    ),
    (webhooks, "rotate", "trivet.cli.webhooks:rotate", "Make a new secret for an endpoint."),
    (webhooks, "enable", "trivet.cli.webhooks:enable", "Have events sent to an endpoint again."),
    (webhooks, "disable", "trivet.cli.webhooks:disable", "Have nothing sent to an endpoint."),
    (webhooks, "delete", "trivet.cli.webhooks:delete", "Delete an endpoint."),
    (
        webhooks,
        "deliveries",
        "trivet.cli.webhooks:deliveries",
        "List what was sent to an endpoint and what is to be.",
    ),
    (webhooks, "redeliver", "trivet.cli.webhooks:redeliver", "Send an event again."),
    (
        webhooks,
        "recover",
        "trivet.cli.webhooks:recover",
        "Send what was not delivered since an instant.",
    ),
):
    group.command(called, name=name, help=told)
confirmations.command(
    "trivet.cli.confirmation_options:add",
    name="add",
    help="Record who at the certification body confirmed which record, when, and by which letter.\n\n"
    "A record that the mirror holds is given by its id alone: it is confirmed as it stands there, and what stands "
    "there is printed, to be compared with the letter. What else is given is said of it too.\n\n"
    "For a record that nobody lists, give what it says: of a trainer --provider, --trainer, --role and --programmes; "
    "of a programme --provider and --title; of an affiliate --provider, --organisation with an identifier, and "
    "--programmes; of a provider --name and --body.",
)


class CouldNot(Exception):
    """A command can't do what it was asked; the message says why, in one line."""


def main(arguments: list[str] | None = None) -> None:
    """Run one command and exit with its status; an error is one line on standard error."""
    try:
        status = app(arguments)
    except (CycloptsError, CouldNot) as error:
        status = _say(error)
    except Exception as error:  # noqa: BLE001 - Python's own status would be 1, which says "fail"
        if not _is_expected(error):
            import traceback  # only what broke needs it, and help comes at once

            traceback.print_exc()
        status = _say(error)
    sys.exit(status)


@app.command
def serve(*, host: str = "127.0.0.1", port: int = 8000) -> None:
    """Run the API and its documentation page until interrupted; on SQLite, read sources by their schedules too.

    Parameters
    ----------
    host
        The address to listen on.
    port
        The port to listen on; 0 takes a free one.
    """
    from trivet.cli import serving

    serving.serve(host, port)


@app.command
def batch(
    source: Annotated[Path, Parameter(name="IN")],
    out: Annotated[Path, Parameter(name="OUT")],
    *,
    map: Path | None = None,  # noqa: A002 - as it is said at the command line
) -> int:
    """Ask the service at TRIVET_URL about every row of a file, and write what came of each into another.

    The files are csv, xlsx or NDJSON by their endings. The exit status is 0 where every row passed, 1 where one failed,
    2 where one can't be confirmed or could not be asked, and 3 where not all could be asked: run the same command again
    then, and it goes on where it was cut off.

    Parameters
    ----------
    source
        The file with a question a row. Its columns are named provider_scheme, provider, programme_scheme, programme,
        trainer_scheme, trainer, trainer_family_name, delivered_on, delivered_by_scheme, delivered_by and reference.
    out
        The file to write: the columns of the input, then verdict, why, valid_until, reasons, known_at and verification.
    map
        A TOML file that says which column of the input holds what: [columns] trainer = "HCPC no", [constants]
        trainer_scheme = "authorisation", days = "%d/%m/%Y".
    """
    from trivet.cli import batching

    return batching.batch(source, out, map)


@app.command
def notices(
    *files: Annotated[Path, Parameter(name="FILE")],
    programmes: Path | None = None,
    out: Path | None = None,
) -> int:
    """Find the awards of restrictive-practice training in procurement notices, and ask how they stand.

    The files are OCDS 1.1: release packages, record packages, or JSON lines of releases (.jsonl), as Find a Tender and
    Contracts Finder publish them. The service at TRIVET_URL is asked about each supplier, on the day of the award and
    at the end of the contract. The exit status is 0 where nothing is to hold up, which is no pass, for no trainer is
    known yet; 1 where something is not certified, 2 where something is not confirmed, resolvable or verified, and 3
    where it could not be done.

    Parameters
    ----------
    files
        The files to read; what was released under the same ocid belongs together, in whichever file it is.
    programmes
        A TOML file that says which programme was bought, for notices rarely do: [programmes] "ocds-h6vhtk-000000" =
        "register:ex-1", for one award "ocds-h6vhtk-000000/1". What it names is picked whatever its wording.
    out
        Write a row for each finding into this file instead: csv, xlsx or NDJSON by its ending.
    """
    from trivet.cli import noticing

    return noticing.notices(files, programmes, out)


@app.command
def worker(*, alive: Path | None = None) -> None:
    """Read sources by their schedules until interrupted. On SQLite `serve` does so too.

    Several workers may run, on several machines: no source is read by two at a time.

    Parameters
    ----------
    alive
        Touch this file every two seconds while jobs are being done, so that a health check can look at its age.
    """
    from trivet.cli import serving

    serving.work(alive)


@app.command
def listen(
    *,
    host: str = "127.0.0.1",
    port: int = 8090,
    path: str = "/",
    secret: str | None = None,
    json: Annotated[bool, Parameter(negative="")] = False,
    fail: int | None = None,
) -> None:
    """Receive webhooks on this machine until interrupted, and print each; for development, when you build a receiver.

    What the secret did not sign is refused, and said on standard error with why.

    Parameters
    ----------
    host
        The address to listen on.
    port
        The port to listen on; 0 takes a free one.
    path
        The path that webhooks are sent to.
    secret
        The secret of the endpoint, whsec_…; TRIVET_WEBHOOK_SECRET by default, where no list of processes shows it. Give
        both of them, with a space between, while one takes the other's place.
    json
        Print each body as one line of JSON.
    fail
        Answer with this status instead of 204, such as 503, to see how an event is sent again.
    """
    from trivet.cli import receiving

    wanted = receiving.Wanted(path=path, as_json=json, fail=fail)
    receiving.listen(host, port, secret, wanted)


@app.command
def openapi(*, out: Path | None = None) -> None:
    """Print the OpenAPI document of the service.

    Parameters
    ----------
    out
        Write to this file instead.
    """
    from trivet.cli import serving

    serving.write_openapi(out)


@app.command
def sync(*names: str) -> int:
    """Read the sources and publish what is new in them.

    Parameters
    ----------
    names
        The sources to read, by name; every profile of TRIVET_SOURCES by default.
    """
    from trivet.cli import mirroring

    return mirroring.sync(names)


@sources.command
def check(profile: Path) -> int:
    """Show what a profile reads from its source; nothing is stored.

    Parameters
    ----------
    profile
        The profile's TOML file.
    """
    from trivet.cli import mirroring

    return mirroring.check(profile)


@sources.command(name="list")
def list_sources() -> None:
    """List the source profiles of TRIVET_SOURCES."""
    from trivet.cli import mirroring

    mirroring.list_sources()


@sources.command
def schema() -> None:
    """Print the JSON Schema of the interchange document that a certification body could publish."""
    from trivet.cli import mirroring

    mirroring.print_schema()


@register.command
def status() -> int:
    """Say which snapshot answers, how fresh its sources are and how their last reading went."""
    from trivet.cli import mirroring

    return mirroring.status()


@quarantine.command(name="list")
def list_quarantine() -> None:
    """List the documents that tripped a guard of their source's profile and were not decided yet."""
    from trivet.cli import quarantining

    quarantining.list_held()


@quarantine.command
def release(reading: str, *, note: str) -> int:
    """Believe a quarantined document after all and publish it; its guards let the same document pass from now on.

    Parameters
    ----------
    reading
        The id of the reading, as `quarantine list` shows it.

    Note:
        Why: who confirmed it, and how. It is kept.
    """
    from trivet.cli import quarantining

    return quarantining.release(reading, note)


@quarantine.command
def drop(reading: str, *, note: str) -> None:
    """Decide that a quarantined document is not to be believed; it stays on file.

    Parameters
    ----------
    reading
        The id of the reading, as `quarantine list` shows it.

    Note:
        Why. It is kept.
    """
    from trivet.cli import quarantining

    quarantining.drop(reading, note)


@confirmations.command(name="list")
def list_confirmations(
    *, everything: Annotated[bool, Parameter(name="--all", negative="")] = False
) -> None:
    """List the confirmations that hold, with what is over and what will be within 60 days.

    Parameters
    ----------
    everything
        List those that ended or were replaced, too.
    """
    from trivet.cli import confirming

    confirming.list_confirmations(everything=everything)


@confirmations.command(name="end")
def end_confirmation(
    confirmation: str, *, reason: str, mistaken: Annotated[bool, Parameter(negative="")] = False
) -> None:
    """End a confirmation: from today on nothing rests on it. What was answered before stays as it was answered.

    Parameters
    ----------
    confirmation
        Its id, as `confirmations list` shows it.
    reason
        Why. It is kept.
    mistaken
        It should never have been recorded: nothing rests on it for any day.
    """
    from trivet.cli import confirming

    confirming.end(confirmation, reason, mistaken=mistaken)


@keys.command
def create(
    *,
    account: str,
    scopes: str = "verify,read",
    purpose: Literal["award", "order", "delivery", "audit", "other"] = "other",
    until: date | None = None,
    test: bool = False,
) -> None:
    """Make a key and print it, once: it is kept only as a hash.

    Parameters
    ----------
    account
        Whose key it is; the account is made if it is new.
    scopes
        What it may do, with commas between: verify, read, watch, admin.
    purpose
        What its questions are asked for unless they say.
    until
        The last day on which it may be used; without one it lasts until it is revoked.
    test
        A test key: it sees the sandbox register, never the mirrored one.
    """
    from trivet.cli import key_ring

    key_ring.create(account, scopes, purpose, until, test=test)


@keys.command(name="list")
def list_keys() -> None:
    """List the keys, never their secrets."""
    from trivet.cli import key_ring

    key_ring.list_keys()


@keys.command
def rotate(key: str, *, overlap: str = "P7D") -> None:
    """Make a key that may do what another may, and print it, once; the other one ends when the overlap is over.

    Parameters
    ----------
    key
        The id of the key whose place it takes, as `keys list` shows it.
    overlap
        For how long both work, as an ISO 8601 duration; P0D ends the other one at once.
    """
    from trivet.cli import key_ring

    key_ring.rotate(key, overlap)


@keys.command
def revoke(key: str) -> None:
    """Revoke a key: it stops working at once, in every process.

    Parameters
    ----------
    key
        The key's id, as `keys list` shows it.
    """
    from trivet.cli import key_ring

    key_ring.revoke(key)


@audit.command
def export(
    out: Path,
    *,
    account: str | None = None,
    trainer: str | None = None,
    authorisation: str | None = None,
    since: Annotated[date | None, Parameter(name="--from")] = None,
    until: Annotated[date | None, Parameter(name="--to")] = None,
) -> None:
    """Write who asked what, of whom, what for and when into a new file: a JSON object a line, the oldest first.

    Parameters
    ----------
    out
        The file; only its owner may read it.
    account
        The questions of this account only.
    trainer
        The questions about the person with this reference of the register only.
    authorisation
        The questions about the person with this authorisation's number only.
    since
        The first day.
    until
        The last day.
    """
    from trivet.cli import auditing

    asked = auditing.Asked(
        account=account, trainer=trainer, authorisation=authorisation, since=since, until=until
    )
    auditing.export(out, asked)


@audit.command
def acts() -> None:
    """List what was done to accounts and keys, and which exports were made."""
    from trivet.cli import auditing

    auditing.list_acts()


@app.command
def backup(file: Path) -> None:
    """Copy the SQLite database, as it is at one moment, into a new file while the service goes on.

    Parameters
    ----------
    file
        The file to write; it must not be there yet.
    """
    from trivet.cli import safekeeping

    safekeeping.backup(file)


@app.command
def restore(file: Path) -> None:
    """Put a backup in the place of a SQLite database that is not there.

    Parameters
    ----------
    file
        The backup.
    """
    from trivet.cli import safekeeping

    safekeeping.restore(file)


@accounts.command(name="list")
def list_accounts() -> None:
    """List the accounts and what they accept."""
    from trivet.cli import key_ring

    key_ring.list_accounts()


@accounts.command
def declared(account: str, word: Literal["accept", "refuse"]) -> None:
    """Say whether a provider's own word is enough for an account. By default it is not.

    A list that a provider keeps of its own programmes and trainers is `provider_declared`: nobody else vouches for it.
    An account that accepts it can get a pass that rests on it, and the answer says so.

    Parameters
    ----------
    account
        The account's name, as `accounts list` shows it.
    word
        Whether to accept or refuse a provider's own word.
    """
    from trivet.cli import key_ring

    key_ring.set_declared(account, accepted=word == "accept")


@keys.command(name="signing-key")
def signing_key(file: Path) -> None:
    """Make the Ed25519 key that signs receipts, as a JWK set.

    Parameters
    ----------
    file
        Where to keep it; a key that is there is succeeded by a new one, and still verifies.
    """
    from trivet.cli import receipts

    receipts.make_signing_key(file)


@app.command
def claims(text: Annotated[str, Parameter(allow_leading_hyphen=True)], /) -> int:
    """Say what each phrase of a supplier's wording is worth: nothing is asked of any service.

    Parameters
    ----------
    text
        The wording, or - for standard input.
    """
    from trivet.cli import claiming

    return claiming.claims(text)


@receipt.command(name="verify")
def verify_receipt(file: Path, *, jwks: str | None = None) -> int:
    """Say whether a receipt was signed as it stands, and what it says: exit status 0 or 1.

    Parameters
    ----------
    file
        The receipt, a compact JWS.
    jwks
        The public keys: a file (nothing is asked of anybody), or an address; the service's at TRIVET_URL by default.
    """
    from trivet.cli import receipts

    return receipts.verify(file, jwks)


@people.command(name="find")
def find_person(*, trainer: Annotated[list[str], Parameter(negative="")]) -> None:
    """Say how much is held of a trainer and which verifications asked about them, never their name.

    Parameters
    ----------
    trainer
        The reference under which the register lists the trainer; again for further references of the same person.
    """
    from trivet.cli import persons

    persons.find(trainer)


@people.command(name="erase")
def erase_person(
    *, trainer: Annotated[list[str], Parameter(negative="")], ground: str, yes: bool = False
) -> None:
    """Erase a trainer for good: what is held of them, and what was asked. Later readings don't bring them back.

    Parameters
    ----------
    trainer
        The reference under which the register lists the trainer; again for further references of the same person.
    ground
        Why, such as "request of 3 March, Article 17(1)(c)". It is kept and listed: write no name.
    yes
        Don't ask whether that is meant.
    """
    from trivet.cli import persons

    persons.erase(trainer, ground, yes=yes)


@people.command(name="erasures")
def list_erasures() -> None:
    """List when people were erased and on which ground, never whom."""
    from trivet.cli import persons

    persons.list_erasures()


@app.command
def purge(*, dry_run: bool = False) -> None:
    """Empty raw documents and questions that have been kept for long enough; their digests stay.

    Parameters
    ----------
    dry_run
        Say what would be emptied, and empty nothing.
    """
    from trivet.cli import purging

    purging.purge(dry_run=dry_run)


@database.command(name="upgrade")
def upgrade_database() -> None:
    """Bring the database's tables up to date. `serve`, `sync` and `keys` do so too."""
    from trivet.cli import serving

    serving.upgrade_database()


def _is_expected(error: Exception) -> bool:
    # By name: a command that failed on its settings or sources imported them, help did not.
    return any(t.__name__ in _EXPECTED for t in type(error).__mro__)


_EXPECTED = ("SettingError", "SourceError", "Taken", "Lost")


def _say(error: Exception) -> int:
    line = " ".join(str(error).split())
    print(f"trivet: {line}", file=sys.stderr)
    return COULD_NOT
