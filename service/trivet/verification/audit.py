"""The audit log: who asked what, of whom, what for and when. It is made of the verifications themselves.

Rows are only ever added; retention and erasure empty what the caller wrote, and the digests stay.
"""

from collections.abc import AsyncIterator
from datetime import datetime

import msgspec
from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from trivet.verification.store import verifications

_AT_ONCE = 500


class Entry(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One question: who asked (account and key), what for, of whom (a keyed hash, None if of nobody), and the verdict.

    `question` is as it was asked, without names of persons; None once its retention is over or the person was erased,
    which `emptiedBy` tells. Instants are UTC.
    """

    id: str
    checked_at: datetime
    account: str
    key: str
    test: bool
    purpose: str
    reference: str | None
    person: str | None
    question: msgspec.Raw | None
    verdict: str
    known_at: datetime
    snapshot: str | None
    question_digest: str
    answer_digest: str
    emptied_by: str | None


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which entries: of an account, about a person (by keyed hash), asked from an instant on, before another (UTC)."""

    account: str | None = None
    person: str | None = None
    since: datetime | None = None
    before: datetime | None = None


async def entries(connection: AsyncConnection, wanted: Wanted) -> AsyncIterator[Entry]:
    """Yield the entries that are wanted, the oldest first, a page at a time; within one transaction that reads."""
    last = ""
    while True:
        page = _wanted(wanted).where(verifications.c.id > last).limit(_AT_ONCE)
        rows = (await connection.execute(page)).mappings().all()
        for row in rows:
            question = row["question"]
            yield Entry(**{**row, "question": question and msgspec.Raw(question.encode())})
        if len(rows) < _AT_ONCE:
            return
        last = rows[-1]["id"]


def _wanted(wanted: Wanted) -> Select[tuple[object, ...]]:
    columns = [verifications.c[name] for name in Entry.__struct_fields__]
    query = select(*columns).order_by(verifications.c.id)
    if wanted.account is not None:
        query = query.where(verifications.c.account == wanted.account)
    if wanted.person is not None:
        query = query.where(verifications.c.person == wanted.person)
    if wanted.since is not None:
        query = query.where(verifications.c.checked_at >= wanted.since)
    if wanted.before is not None:
        query = query.where(verifications.c.checked_at < wanted.before)
    return query
