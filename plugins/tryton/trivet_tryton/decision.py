"""What a person decides about orders that wait: to go ahead all the same, and to look again at a trainer's case."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from trytond.i18n import gettext
from trytond.model import ModelSQL, ModelView, fields
from trytond.pool import Pool
from trytond.transaction import Transaction, without_check_access
from trytond.wizard import Button, StateTransition, StateView, Wizard

from trivet_client.gate import (
    Conclusion,
    Override,
    Person,
    Review,
    Shown,
    concerns_trainer,
    override,
    review,
)
from trivet_tryton.exceptions import NothingDecided, NotYours
from trivet_tryton.words import told

KINDS = [
    ("override", "Goes Ahead All the Same"),
    ("upheld", "Reviewed: Upheld"),
    ("reversed", "Reviewed: Reversed"),
]


class Decision(ModelSQL, ModelView):
    """One decision: what it is about, why, by whom and when. It is never changed, and keeps its order from deletion."""

    __name__ = "purchase.certification.decision"
    _rec_name = "reason"

    purchase = fields.Many2One(
        "purchase.purchase", "Purchase", required=True, readonly=True, ondelete="RESTRICT"
    )
    kind = fields.Selection(KINDS, "Decision", required=True, readonly=True, sort=False)
    reason = fields.Text("Reason", required=True, readonly=True)
    user = fields.Many2One("res.user", "By", required=True, readonly=True, ondelete="RESTRICT")
    at = fields.DateTime("At", required=True, readonly=True)
    seen = fields.Text("What Was Seen", required=True, readonly=True)
    verifications = fields.Text("Verifications", readonly=True)
    document = fields.Text("As Stored", required=True, readonly=True)

    @classmethod
    def __setup__(cls) -> None:
        super().__setup__()
        cls._order = [("id", "DESC")]
        cls.__access__.add("purchase")

    @classmethod
    def check_modification(
        cls, mode: str, decisions: Any, values: Any = None, external: bool = False
    ) -> None:
        """Refuse what is not a decision made in the wizard."""
        super().check_modification(mode, decisions, values=values, external=external)
        if external or mode != "create":
            raise NotYours(gettext("trivet.msg_decided"))

    @property
    def as_override(self) -> Override | None:
        """The override that it is; None for a review that upheld."""
        stored = json.loads(self.document)
        if self.kind == "override":
            return Override.from_dict(stored)
        return Review.from_dict(stored).override

    @classmethod
    def decide(cls, purchase: Any, kind: str, reason: str, entries: Iterable[Any]) -> None:
        """Store what the user decides about entries of history that they saw, and ask with it once more.

        Raises:
            NotYours: the user is no member of the group that may.
            NothingDecided: the reason says nothing, or nothing of this is held up.
        """
        entries, at = list(entries), datetime.now(UTC).replace(microsecond=0)
        by = _decider()
        try:
            made = _made(kind, [entry.as_shown for entry in entries], reason, by, at)
        except ValueError as error:
            raise NothingDecided(gettext("trivet.msg_reason")) from error
        with without_check_access():
            cls.create([_values(purchase, kind, made, entries)])
            Purchase = Pool().get("purchase.purchase")
            Purchase.certification_recheck(Purchase.browse([purchase.id]), "decided")


def _decider() -> Person:
    """Return who decides; NotYours for anybody outside the group, and for the system itself."""
    pool = Pool()
    User = pool.get("res.user")
    group = pool.get("ir.model.data").get_id("trivet", "group_override")
    user = Transaction().user
    if not user or group not in User.get_groups():
        raise NotYours(gettext("trivet.msg_not_in_group"))
    with without_check_access():
        return Person(str(user), User(user).rec_name)


def _made(kind: str, seen: list[Shown], reason: str, by: Person, at: datetime) -> Override | Review:
    if kind == "override":
        return override(seen, reason=reason, by=by, at=at)
    return review(seen, conclusion=Conclusion(kind), reason=reason, by=by, at=at)


def _values(
    purchase: Any, kind: str, made: Override | Review, entries: list[Any]
) -> dict[str, Any]:
    covered = {each.line for each in made.covers}
    about = [entry for entry in entries if entry.line.certification_key in covered]
    return {
        "purchase": purchase.id,
        "kind": kind,
        "reason": made.reason,
        "user": Transaction().user,
        "at": made.at.replace(tzinfo=None),
        "seen": told((entry.line, entry.words) for entry in about),
        "verifications": "\n".join(each.verification for each in made.covers if each.verification),
        "document": json.dumps(made.to_dict()),
    }


class OverrideStart(ModelView):
    """What a person sees before they let an order go ahead."""

    __name__ = "purchase.certification.override.start"

    held = fields.Text("What Stands Against It", readonly=True)
    entries = fields.Char("Entries", readonly=True)
    reason = fields.Text(
        "Reason",
        required=True,
        help="Why the order goes ahead all the same. It is kept with your name, and can't be changed afterwards.",
    )


class ReviewStart(ModelView):
    """What a person sees before they conclude a review."""

    __name__ = "purchase.certification.review.start"

    held = fields.Text("What Concerns a Trainer", readonly=True)
    entries = fields.Char("Entries", readonly=True)
    conclusion = fields.Selection(
        [("upheld", "Upheld: it goes on waiting"), ("reversed", "Reversed: it may go ahead")],
        "Conclusion",
        required=True,
        sort=False,
    )
    reason = fields.Text(
        "Reason",
        required=True,
        help="Why. It is kept with your name, and can't be changed afterwards.",
    )


class OverrideWizard(Wizard):
    """Lets a person of the group decide that an order goes ahead all the same."""

    __name__ = "purchase.certification.override"

    start = StateView(
        "purchase.certification.override.start",
        "trivet.override_start_view_form",
        [
            Button("Cancel", "end", "tryton-cancel"),
            Button("Go Ahead All the Same", "decide", "tryton-ok", default=True),
        ],
    )
    decide = StateTransition()

    def default_start(self, _fields: Any) -> dict[str, Any]:
        """Show what stands against the order."""
        return _shown(self.record, trainers_only=False)

    def transition_decide(self) -> str:
        """Store the decision."""
        return _decide(self.record, self.start, "override", trainers_only=False)


class ReviewWizard(Wizard):
    """Lets a person of the group look again at what was held up on account of a trainer."""

    __name__ = "purchase.certification.review"

    start = StateView(
        "purchase.certification.review.start",
        "trivet.review_start_view_form",
        [
            Button("Cancel", "end", "tryton-cancel"),
            Button("Conclude", "decide", "tryton-ok", default=True),
        ],
    )
    decide = StateTransition()

    def default_start(self, _fields: Any) -> dict[str, Any]:
        """Show what concerns a trainer."""
        return _shown(self.record, trainers_only=True)

    def transition_decide(self) -> str:
        """Store the conclusion."""
        return _decide(self.record, self.start, self.start.conclusion, trainers_only=True)


def _shown(purchase: Any, *, trainers_only: bool) -> dict[str, Any]:
    entries = _held(purchase, trainers_only=trainers_only)
    if not entries:
        raise NothingDecided(gettext("trivet.msg_nothing_held"))
    return {
        "held": told((entry.line, entry.words) for entry in entries),
        "entries": _ids(entries),
    }


def _decide(purchase: Any, start: Any, kind: str, *, trainers_only: bool) -> str:
    entries = _held(purchase, trainers_only=trainers_only)
    if not entries or _ids(entries) != start.entries:
        raise NothingDecided(gettext("trivet.msg_seen_another"))
    Pool().get("purchase.certification.decision").decide(
        purchase, kind, start.reason or "", entries
    )
    return "end"


def _held(purchase: Any, *, trainers_only: bool) -> list[Any]:
    """Return the last entries of the lines that are held up."""
    lines = [line.id for line in purchase.certification_lines]
    latest = Pool().get("purchase.certification.check").latest(lines)
    held = [latest[line] for line in lines if line in latest and not latest[line].goes_ahead]
    return [
        entry
        for entry in held
        if entry.as_shown and (not trainers_only or concerns_trainer(entry.as_shown))
    ]


def _ids(entries: Iterable[Any]) -> str:
    return ",".join(str(entry.id) for entry in entries)
