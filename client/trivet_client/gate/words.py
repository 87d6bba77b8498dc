"""What people read of a decision: by code and parameters, so that a host can translate it, and in English. Pure.

No trainer is named in any of it: a reference at most. What could not be verified is never said to have failed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

TEMPLATES: Mapping[str, str] = {
    "permitted": "Certified on {day}, according to the mirror of the register as of {as_of}.",
    "permitted_ahead": "Certified for {day} as recorded now, according to the mirror of the register as of {as_of}; "
    "what is recorded may change.",
    "permitted_kept": "Could not be verified now: {cause}. When last asked, {age} ago, it was certified for {day}.",
    "refused": "Not certified on {day}.",
    "not_confirmed": "Not confirmed for {day}. This is not a finding against anybody.",
    "not_verified": "Could not be verified for {day}: {cause}.",
    "incomplete": "Can't be asked about yet, for the record is incomplete.",
    "missing": "{field} is missing.",
    "ill_formed": "{field} can't be asked about as it is written.",
    "unanswered": "{who} could not be verified: {cause}.",
    "reason": "{who}: {text}",
    "kept": "This is as answered on {checked}, for it could not be verified now: {cause}.",
    "overridden": "{person} decided on {day} that it may go ahead all the same.",
}
"""The sentences by their codes; `str.format` with a message's `params` makes one. Days are ISO 8601 in the params."""

CAUSES: Mapping[str, str] = {
    "too_slow": "the service did not answer in time",
    "unreachable": "the service could not be reached",
    "broken_off": "the answers broke off",
    "unexpected_answer": "what answered did not answer as the service does",
    "not_configured": "this system is not set up to ask the service",
    "key_refused": "the service does not accept this system's key",
    "asked_too_often": "the service was asked too often",
    "unknown_trainers_spent": "this system has asked about as many unknown trainers as it may in a day",
    "service_unavailable": "the service can't answer at present",
    "not_taken": "the service did not take the question",
}
"""Why nothing could be verified, by the code in a message's `cause`."""

FIELDS: Mapping[str, str] = {
    "provider": "The provider",
    "programme": "The programme",
    "trainers": "A trainer's reference",
    "delivered_on": "The day of delivery",
    "delivered_by": "The organisation that delivers",
    "scope": "The scope",
    "reference": "The reference",
    "record": "The record",
}
"""What a field is called, by the name in a message's `field`."""

LEGS: Mapping[str, str] = {
    "body": "Certification body",
    "provider": "Provider",
    "programme": "Programme",
    "trainer": "Trainer",
    "delivery": "Delivery",
    "scope": "Scope",
    "evidence": "What was offered",
    "training": "The training",
}
"""What an element is called, by the name in a message's `leg`."""

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@dataclass(frozen=True)
class Message:
    """One sentence: a code of `TEMPLATES`, what fills it, and the same in English."""

    code: str
    params: Mapping[str, str]

    @property
    def text(self) -> str:
        """The sentence in English."""
        return TEMPLATES[self.code].format_map({**self.params, **_in_english(self.params)})


def message(code: str, /, **params: str | date | timedelta | None) -> Message:
    """Return a message; days, instants and spans are written in ISO 8601, and what is None is left out."""
    return Message(
        code, {name: _written(value) for name, value in params.items() if value is not None}
    )


def _written(value: str | date | timedelta) -> str:
    if isinstance(value, timedelta):
        return f"PT{int(value.total_seconds())}S"
    return value.isoformat() if isinstance(value, date) else value


def _in_english(params: Mapping[str, str]) -> Mapping[str, str]:
    told = {}
    for name, value in params.items():
        if name in ("day", "as_of", "checked"):
            told[name] = _day(datetime.fromisoformat(value).date())
        elif name == "age":
            told[name] = _span(int(value.removeprefix("PT").removesuffix("S")))
        elif name == "cause":
            told[name] = CAUSES[value]
        elif name == "field":
            told[name] = FIELDS.get(value, FIELDS["record"])
        elif name == "leg":
            leg = LEGS.get(value, LEGS["training"])
            told["who"] = f"{leg} ({params['trainer']})" if "trainer" in params else leg
    return told


def _day(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"  # by no locale of the host's


def _span(seconds: int) -> str:
    for length, unit in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if seconds >= length:
            count = seconds // length
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return "less than a minute"
