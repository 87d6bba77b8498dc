"""Events as lines, for people and as JSON."""

import json
from collections.abc import Iterator

from trivet_client.webhooks import (
    Event,
    Expiring,
    RegisterEvent,
    StandingChanged,
    VerificationChanged,
    Watch,
)


def line_of(event: Event) -> str:
    """Return an event as one line for people; it names no trainer, and holds nothing that a terminal would obey."""
    words = " ".join(part for part in _parts(event) if part)
    return "".join(letter if letter.isprintable() else "�" for letter in words)


def json_of(event: Event) -> str:
    """Return an event as one line of JSON, as it came."""
    return json.dumps(event.raw, ensure_ascii=False, separators=(",", ":"))


def _parts(event: Event) -> Iterator[str]:
    yield event.timestamp.strftime("%Y-%m-%d %H:%M:%S UTC")
    yield event.type
    yield "(test)" if event.test else ""
    yield from _what(event)
    yield f"from {event.effective_on}" if event.effective_on else ""
    if event.watches:
        more = event.watch_count - len(event.watches)
        told = [_watched(watch) for watch in event.watches]
        yield f"[{'; '.join([*told, f'{more} more'] if more > 0 else told)}]"


def _what(event: Event) -> Iterator[str]:
    match event:
        case StandingChanged(subject=subject) | Expiring(subject=subject):
            yield f"{subject.kind} {subject.register}"
            yield f'"{subject.name}"' if subject.name else ""
    match event:
        case (
            StandingChanged(before=before, after=after)
            | VerificationChanged(before=before, after=after)
        ):
            yield _change(before, after)
        case Expiring():
            yield f"expires {event.expires_on}"
        case RegisterEvent():
            yield ", ".join(source.source for source in event.sources)


def _watched(watch: Watch) -> str:
    change = _change(watch.before, watch.after)
    return f"{watch.reference or watch.id}: {change}" if change else watch.reference or watch.id


def _change(before: str | None, after: str | None) -> str:
    if before is None and after is None:
        return ""
    return f"{'?' if before is None else before} -> {'?' if after is None else after}"
