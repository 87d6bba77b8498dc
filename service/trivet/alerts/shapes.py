"""Watches as they are sent, and what the OpenAPI document says of them beyond their types."""

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType

import msgspec
from litestar.params import QueryParameter

from trivet.alerts.watched import (
    ELEMENTS,
    LONGEST_NOTICE,
    MOST_NOTICES,
    Watched,
    WatchedTrainer,
    WatchKind,
)
from trivet.alerts.watches import Watch
from trivet.http.schemas import Shape
from trivet.london import day_of
from trivet.register.identifiers import Identifier
from trivet.register.index import Known
from trivet.verification.answer import (
    ElementAnswer,
    ReasonAnswer,
    RegisterAnswer,
    describe_register,
    element_answer,
    reason_answer,
)
from trivet.verification.question import ProgrammeReference, Question, Scope
from trivet.verification.reasons import Verdict
from trivet.verification.rules import judge_parts, worst
from trivet.verification.schemas import SHAPES as OF_QUESTIONS

REPLACE = QueryParameter(
    description="Whether a watch takes the place of one on something else under its reference."
)
"""How the parameter is documented."""


class WatchStanding(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Where what is watched stands: the verdict of its elements for a London day, by the register as it is now."""

    on: date
    verdict: Verdict
    elements: list[ElementAnswer]
    reasons: list[ReasonAnswer]
    register: RegisterAnswer
    checked_at: datetime


class WatchAnswer(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A watch, and where it stands now. Only the verdict `pass` is permission, for what the watch names."""

    id: str
    kind: WatchKind
    reference: str | None
    provider: list[Identifier]
    programme: ProgrammeReference | None
    trainer: WatchedTrainer | None
    delivered_by: Identifier | None
    delivered_on: date | None
    scope: Scope | None
    expiry_notice: list[str]
    created_at: datetime
    standing: WatchStanding


def answer_watch(watch: Watch, known: Known, now: datetime) -> WatchAnswer:
    """Return a watch as it is sent, judged by what is known at an instant (UTC)."""
    watched = watch.watched
    return WatchAnswer(
        id=watch.id,
        kind=watched.kind,
        reference=watched.reference or None,
        provider=[*watched.providers],
        programme=watched.programme or None,
        trainer=watched.trainer or None,
        delivered_by=watched.delivered_by or None,
        delivered_on=watched.delivered_on or None,
        scope=watched.scope or None,
        expiry_notice=[*(watched.expiry_notice or ())],
        created_at=watch.created_at,
        standing=_standing(watch, known, now),
    )


def _standing(watch: Watch, known: Known, now: datetime) -> WatchStanding:
    watched, index = watch.watched, known.index
    assert index is not None  # noqa: S101 - what is known now is always of a snapshot
    on = watched.delivered_on or day_of(known.at)
    parts = judge_parts(
        watched,
        ELEMENTS[watched.kind],
        index,
        on,
        known.at,
        accepts_declared=watch.accepts_declared,
    )
    judged = [part.judged for part in parts.elements.values()]
    return WatchStanding(
        on=on,
        verdict=worst([one.verdict for one in judged]),
        elements=[element_answer(one) for one in judged],
        reasons=[reason_answer(reason) for one in judged for reason in one.reasons],
        register=describe_register(index, known.at),
        checked_at=now,
    )


_OF_QUESTION = OF_QUESTIONS[Question]["properties"]
SHAPES: Mapping[type[msgspec.Struct], Shape] = MappingProxyType(
    {
        WatchedTrainer: OF_QUESTIONS[ProgrammeReference],
        Watched: {
            "properties": {
                "provider": _OF_QUESTION["provider"],
                "deliveredOn": {
                    "description": "A Europe/London day; left out, the watch goes on from day to day."
                },
                "deliveredBy": _OF_QUESTION["deliveredBy"],
                "reference": {
                    **_OF_QUESTION["reference"],
                    "description": "The caller's own, told with every event; one watch has it at a time.",
                },
                "expiryNotice": {
                    "maxItems": MOST_NOTICES,
                    "description": "How long before an end to be told, in days or weeks, such as P30D: at most "
                    f"{LONGEST_NOTICE} days.",
                },
            }
        },
    }
)
