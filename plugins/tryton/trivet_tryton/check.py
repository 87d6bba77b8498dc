"""What was answered about a line, when, and what people read of it: a history that is added to and never changed."""

import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sql import Null
from sql.aggregate import Max
from trytond.i18n import gettext
from trytond.model import Index, ModelSQL, ModelView, fields
from trytond.pool import Pool
from trytond.transaction import Transaction, without_check_access

from trivet_client.gate import LineDecision, Message, Outcome, Shown, concerns_trainer
from trivet_tryton.exceptions import NotYours
from trivet_tryton.words import sentence

logger = logging.getLogger(__name__)

OUTCOMES = [
    (None, ""),
    ("permitted", "Certified"),
    ("refused", "Not certified"),
    ("not_confirmed", "Not confirmed"),
    ("incomplete", "Record incomplete"),
    ("not_verified", "Could not be verified"),
]
OCCASIONS = [
    ("quote", "Quote"),
    ("confirm", "Confirm"),
    ("asked", "Check Now"),
    ("decided", "Decision of a Person"),
    ("nightly", "Nightly Check"),
    ("event", "News of the Service"),
    ("changed", "Line Changed"),
]


class Check(ModelSQL, ModelView):
    """One entry of a line's history: an answer about it, or that it was changed, so that no earlier one counts."""

    __name__ = "purchase.certification.check"

    line = fields.Many2One(
        "purchase.line", "Line", required=True, readonly=True, ondelete="CASCADE"
    )
    occasion = fields.Selection(OCCASIONS, "Occasion", required=True, readonly=True, sort=False)
    outcome = fields.Selection(OUTCOMES, "Outcome", readonly=True, sort=False)
    goes_ahead = fields.Boolean("May Go Ahead", readonly=True)
    checked_at = fields.DateTime("Checked at", required=True, readonly=True)
    delivered_on = fields.Date("For", readonly=True)
    valid_until = fields.Date(
        "Valid until",
        readonly=True,
        help="The last day on which all of it goes on holding, as far as ends are recorded.",
    )
    messages = fields.Text("Messages", readonly=True)
    shown = fields.Text("As Stored", readonly=True)
    trainer_concerned = fields.Boolean("Concerns a Trainer", readonly=True)
    words = fields.Function(fields.Text("What It Means"), "get_words")
    caveats = fields.Function(fields.Text("Caveats"), "get_caveats")
    reasons = fields.Function(fields.Text("Reasons"), "get_reasons")
    verifications = fields.Function(fields.Text("Verifications"), "get_verifications")
    receipts = fields.Function(fields.Text("Receipts"), "get_receipts")

    @classmethod
    def __setup__(cls) -> None:
        super().__setup__()
        table = cls.__table__()
        cls._order = [("id", "DESC")]
        cls._sql_indexes.add(
            Index(table, (table.line, Index.Equality()), (table.id, Index.Range()))
        )
        cls.__access__.add("line")

    @classmethod
    def check_modification(
        cls, mode: str, checks: Any, values: Any = None, external: bool = False
    ) -> None:
        """Refuse that people make, change or delete an entry. With its line it goes, for a trainer is named in it."""
        super().check_modification(mode, checks, values=values, external=external)
        if external or mode == "write":
            raise NotYours(gettext("trivet.msg_history"))

    @classmethod
    def values_of(cls, line: int, decided: LineDecision, occasion: str) -> dict[str, Any]:
        """Return the entry of what came of a line just now, to be created."""
        shown = Shown.of(decided)
        ends = [kept.valid_until for kept in shown.kept]
        days = {kept.delivered_on for kept in shown.kept}
        return {
            "line": line,
            "occasion": occasion,
            "outcome": decided.outcome.value,
            "goes_ahead": bool(decided),
            "checked_at": _now(),
            "delivered_on": min(days, default=None),
            "valid_until": min(filter(None, ends), default=None),
            "messages": json.dumps([[said.code, dict(said.params)] for said in decided.messages]),
            "shown": json.dumps(shown.to_dict()),
            "trainer_concerned": not decided.outcome and concerns_trainer(decided),
        }

    @classmethod
    def keep(cls, entries: Iterable[Mapping[str, Any]]) -> None:
        """Add entries in this transaction."""
        with without_check_access():
            cls.create([dict(entry) for entry in entries])

    @classmethod
    def keep_apart(cls, entries: Sequence[Mapping[str, Any]]) -> None:
        """Add entries in a transaction of their own, once this one has ended, however it ends.

        Whoever refuses or warns ends this transaction without a trace of what it is refused for. Beside it, on a second
        connection, nothing can be written while this one holds a SQLite file, and the lines of another transaction are
        not seen on PostgreSQL. Of lines that this transaction made itself nothing is kept: they are gone with it.
        """
        transaction = Transaction()
        made = set(transaction.create_records["purchase.line"])
        kept = [dict(entry) for entry in entries if entry["line"] not in made]
        if kept:
            transaction.atexit(_keep, transaction.database.name, transaction.user, kept)

    @classmethod
    def changed(cls, lines: Iterable[Any]) -> None:
        """Note that lines are others than were asked about."""
        cls.keep({"line": line.id, "occasion": "changed", "checked_at": _now()} for line in lines)

    @classmethod
    def latest(cls, lines: Iterable[int]) -> dict[int, Any]:
        """Return the last entry of each line that has one, by the line's id."""
        table = cls.__table__()
        cursor = Transaction().connection.cursor()
        found = []
        if wanted := list(lines):
            query = table.select(
                Max(table.id),
                where=fields.SQL_OPERATORS["in"](table.line, wanted),
                group_by=table.line,
            )
            cursor.execute(*query)
            found = [row[0] for row in cursor]
        with without_check_access():
            return {entry.line.id: entry for entry in cls.browse(found)}

    @classmethod
    def lines_query(cls, goes_ahead: bool | None) -> Any:
        """Return a query for the lines whose last entry lets them go ahead, holds them up, or (None) says nothing."""
        newest, table = cls.__table__(), cls.__table__()
        last = newest.select(Max(newest.id), group_by=newest.line)
        answered = table.outcome != Null
        told = ~answered if goes_ahead is None else answered & (table.goes_ahead == goes_ahead)
        return table.select(table.line, where=table.id.in_(last) & told)

    @property
    def as_shown(self) -> Shown | None:
        """What was shown; None for an entry that is no answer."""
        return Shown.from_dict(json.loads(self.shown)) if self.shown else None

    @property
    def told(self) -> list[Message]:
        """The sentences about it, by code and parameters."""
        return [Message(code, params) for code, params in json.loads(self.messages or "[]")]

    def get_words(self, _name: str) -> str:
        """Return what people read of it, in their language, a sentence a line."""
        if not self.outcome:
            return str(gettext("trivet.msg_changed"))
        said = [sentence(message) for message in self.told]
        if self.trainer_concerned:
            said.append(gettext("trivet.msg_review"))
        return "\n".join(said)

    def get_caveats(self, _name: str) -> str:
        """Return what is to be shown beside the verdict."""
        return "\n".join(dict.fromkeys(caveat for kept in self._kept for caveat in kept.caveats))

    def get_reasons(self, _name: str) -> str:
        """Return the reasons as the service gave them, with their codes."""
        each = (f"{reason.code}: {reason.text}" for kept in self._kept for reason in kept.reasons)
        return "\n".join(dict.fromkeys(each))

    def get_verifications(self, _name: str) -> str:
        """Return the ids under which the service keeps the answers."""
        return "\n".join(dict.fromkeys(kept.verification for kept in self._kept))

    def get_receipts(self, _name: str) -> str:
        """Return the receipts, one a line."""
        return "\n".join(kept.receipt for kept in self._kept if kept.receipt)

    @property
    def _kept(self) -> tuple[Any, ...]:
        shown = self.as_shown
        return shown.kept if shown else ()


def answered_now(decided: LineDecision) -> bool:
    """Tell whether a decision rests on nothing but what was answered just now, or on the record itself."""
    return decided.outcome is not Outcome.NOT_VERIFIED and all(
        question.lacks or question.answer is not None for question in decided.questions
    )


def _now() -> datetime:
    return datetime.now(UTC).replace(
        tzinfo=None, microsecond=0
    )  # Tryton's instants are UTC and say nothing


def _keep(database: str, user: int, entries: Sequence[Mapping[str, Any]]) -> None:
    """Add entries in a new transaction. What goes wrong is logged, for it must not hide why an order waits."""
    try:
        with Transaction(new=True).start(database, user):
            Pool(database).get("purchase.certification.check").keep(entries)
    except Exception as error:  # noqa: BLE001  # whatever a database raises
        logger.error(  # noqa: TRY400  # a database's error quotes what was to be written
            "%d entries of certification could not be kept: %s", len(entries), type(error).__name__
        )
