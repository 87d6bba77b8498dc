"""What a host's record says, and the questions that it makes: one for each trainer. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from trivet_api.models import Question, TrainerScheme
from trivet_client.gate.sealed import digest_of
from trivet_client.problems import InvalidArgument
from trivet_client.questions import Named, question

NEEDED = frozenset({"provider", "programme", "delivered_on"})
"""The fields without which nothing is asked."""

_FIELDS = {"trainer": "trainers", "family_name": "trainers", "question": "record"}


@dataclass(frozen=True)
class Trainer:
    """Who teaches, by reference. A family name is asked about, and neither shown nor stored."""

    reference: Named | None
    family_name: str | None = None

    def __repr__(self) -> str:
        return f"Trainer({_shown(self.reference)!r})"


@dataclass(frozen=True, kw_only=True)
class Line:
    """An order's line, a course or a row of a roster, as far as it is to be asked about."""

    key: str
    """The host's own name for it: always the same, and no other line's in all of the host. Overrides go by it."""
    provider: Named | Sequence[Named] | None
    """An identifier, or a list of those that must agree."""
    programme: Named | None
    delivered_on: date | str | None
    """The day in Europe/London. A gate assumes none: give today where a host means today."""
    trainers: Sequence[Trainer] = ()
    delivered_by: Named | None = None
    scope: Mapping[str, Any] | None = None
    reference: str | None = None
    """Goes with each question, to find it again at the service."""


@dataclass(frozen=True)
class Lack:
    """A field that keeps a record from being asked about; `code` is `missing` or `ill_formed`."""

    field: str
    code: str


@dataclass(frozen=True)
class Asking:
    """One question of a line, or what keeps it from being asked."""

    fingerprint: str
    """Of all that is asked but names, in one form; the line's own reference takes no part."""
    trainer: str | None
    named: bool
    """Whether a family name was given."""
    question: Question | None = field(repr=False)
    lacks: tuple[Lack, ...] = ()


def missing(line: Line) -> tuple[str, ...]:
    """Return which fields a record lacks, of `provider`, `programme`, `delivered_on` and `trainers`.

    Without one of the first three nothing can be asked. Without trainers it can, and at best it can't be confirmed:
    certified training takes a provider, a programme and a trainer (R1).
    """
    said = {
        "provider": line.provider,
        "programme": line.programme,
        "delivered_on": line.delivered_on,
        "trainers": line.trainers,
    }
    return tuple(name for name, value in said.items() if _blank(value))


def fingerprints(line: Line) -> tuple[str, ...]:
    """Return which questions a record makes now, by their fingerprints, in order.

    A decision that a host stored still speaks about a record only if it was made of the same. A name is in none of
    them: where a family name changed, the host has to know that itself.
    """
    return tuple(asking.fingerprint for asking in askings(line, None))


def askings(line: Line, purpose: str | None) -> Iterator[Asking]:
    """Yield the questions of a line: one for each trainer, or one without a trainer where none is named."""
    lacks = tuple(Lack(name, "missing") for name in missing(line) if name in NEEDED)
    for trainer in line.trainers or (None,):
        yield _asking(line, trainer, lacks, purpose)


def _asking(
    line: Line, trainer: Trainer | None, lacks: tuple[Lack, ...], purpose: str | None
) -> Asking:
    if trainer is not None and _blank(trainer.reference):
        lacks = (*lacks, Lack("trainers", "missing"))
    asked = None if lacks else _asked(line, trainer, purpose)
    if isinstance(asked, Lack):
        lacks, asked = (asked,), None
    return Asking(
        fingerprint=_of_question(asked) if asked else _of_record(line, trainer, lacks),
        trainer=_shown(trainer.reference) if trainer else None,
        named=bool(asked and asked.trainer and asked.trainer.family_name),
        question=asked,
        lacks=lacks,
    )


def _asked(line: Line, trainer: Trainer | None, purpose: str | None) -> Question | Lack:
    try:
        return question(
            provider=line.provider or [],
            programme=line.programme or "",
            trainer=trainer.reference if trainer else None,
            family_name=trainer.family_name or None if trainer else None,
            delivered_on=line.delivered_on,
            delivered_by=line.delivered_by,
            scope=line.scope,
            reference=None if _blank(line.reference) else line.reference,
            purpose=purpose,
        )
    except InvalidArgument as refused:
        return Lack(_FIELDS.get(refused.argument, refused.argument), "ill_formed")


def _of_question(asked: Question) -> str:
    """Return a fingerprint: forms that ask the same have the same, and no name takes part."""
    parts = asked.to_dict()
    trainer = parts.get("trainer", {})
    providers = parts["provider"] if isinstance(parts["provider"], list) else [parts["provider"]]
    scope = {name: _in_order(value) for name, value in parts.get("scope", {}).items()}
    return digest_of(
        {
            "provider": sorted({_joined(each) for each in providers}),
            "programme": _joined(parts["programme"]),
            "trainer": _joined(trainer) if trainer else None,
            "familyNameGiven": bool(trainer.get("familyName")),
            "deliveredOn": parts["deliveredOn"],
            "deliveredBy": _joined(parts["deliveredBy"]) if "deliveredBy" in parts else None,
            "scope": scope,
        }
    )


def _of_record(line: Line, trainer: Trainer | None, lacks: Iterable[Lack]) -> str:
    """Return a fingerprint of a record that can't be asked about: filled in or corrected, it has another.

    What stands in a trainer's place and is no reference may be a name, and takes no part.
    """
    return digest_of(
        {
            "lacks": [[lack.field, lack.code] for lack in lacks],
            "record": [
                _plain(part)
                for part in (line.provider, line.programme, line.delivered_by, line.scope)
            ],
            "deliveredOn": str(line.delivered_on),
            "trainer": _shown(trainer.reference) if trainer else None,
        }
    )


def _shown(reference: object) -> str | None:
    """Return a trainer's reference as people are shown it; None for what is no reference."""
    plain = _plain(reference)
    scheme, _, value = plain.partition(":") if isinstance(plain, str) else ("", "", "")
    known = any(scheme.strip() == each.value for each in TrainerScheme)
    return f"{scheme.strip()}:{value.strip()}" if known and value.strip() else None


def _plain(part: object) -> Any:
    """Return an identifier, or several, as text, and anything else as text of a kind that stays the same."""
    if part is None or isinstance(part, str):
        return part
    if isinstance(part, tuple) and len(part) == 2 and all(isinstance(half, str) for half in part):
        return ":".join(part)
    if isinstance(part, Mapping):
        if {"scheme", "value"} <= set(part):
            return f"{part['scheme']}:{part['value']}"
        return {str(name): _plain(value) for name, value in part.items()}
    if isinstance(part, list | tuple):
        return [_plain(each) for each in part]
    return f"{getattr(part, 'scheme', type(part).__name__)}:{getattr(part, 'value', '')}"


def _joined(identifier: Mapping[str, str]) -> str:
    return f"{identifier['scheme']}:{identifier['value'].strip()}"


def _in_order(value: object) -> object:
    return sorted(value, key=str) if isinstance(value, list) else value


def _blank(value: object) -> bool:
    return not value or (isinstance(value, str) and not value.strip())
