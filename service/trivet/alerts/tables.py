"""Tables of watches, of events, and of the endpoints that events are sent to."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    text,
)

from trivet.database import Instant, metadata

_LIVE = text("ended_at IS NULL")
_WAITING = text("state = 'pending'")

watches = Table(
    "watches",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("account", String(40), nullable=False),
    Column("key", String(40), nullable=False),
    Column("test", Boolean, nullable=False),
    Column("kind", String(20), nullable=False),
    # The caller's own; of those that go on, one a reference.
    Column("reference", String(200), nullable=True),
    # What is watched, as it was asked for: never a name. Emptied, with `reference` and `state`, once its retention
    # after the end is over, or at once when the person was erased.
    Column("watched", Text, nullable=True),
    # Finds what is watched of a person: the keyed hash of the reference or the number that was given.
    Column("person", String(64), nullable=True, index=True),
    Column("created_at", Instant, nullable=False),
    Column("ended_at", Instant, nullable=True, index=True),
    # Deleted, replaced, or ended by an erasure.
    Column("ended_by", String(20), nullable=True),
    # Where it stood when it was looked at last, and what it was told of.
    Column("state", Text, nullable=True),
    Index(None, "account", "id"),
    Index(
        "ix_watches_live_reference",
        "account",
        "test",
        "reference",
        unique=True,
        sqlite_where=_LIVE,
        postgresql_where=_LIVE,
    ),
)

rounds = Table(
    "rounds",
    metadata,
    # There is one row: how far the watches were looked through.
    Column("id", Integer, primary_key=True),
    # Counts the rounds: what was worked out beside must not be of an earlier one.
    Column("number", Integer, nullable=False),
    Column("day", Date, nullable=False),
    # None before the first snapshot.
    Column("snapshot", Integer, nullable=True),
    Column("erasures", Integer, nullable=False),
    # The sources that were too old, and those of which a document was not believed.
    Column("stale", JSON, nullable=False),
    Column("quarantined", JSON, nullable=False),
)

events = Table(
    "events",
    metadata,
    # In the order in which they were committed: they are only ever added alone.
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("id", String(40), nullable=False, unique=True),
    Column("account", String(40), nullable=False),
    Column("type", String(60), nullable=False),
    Column("at", Instant, nullable=False),
    Column("effective_on", Date, nullable=True),
    # What kind of record it is about, and its id; None where it is about none, or once the person was erased.
    Column("subject_kind", String(20), nullable=True),
    Column("subject", String(100), nullable=True),
    # The keyed hash of the trainer whose authorisation it is about.
    Column("person", String(64), nullable=True, index=True),
    # Where the record stood before: what an event that undoes this one has to bring back.
    Column("before", String(20), nullable=True),
    # What is sent in order: events of one provider, or of the register.
    Column("lane", String(120), nullable=False),
    Column("corrects", String(40), nullable=True),
    Column("snapshot", String(40), nullable=True),
    Column("watch_count", Integer, nullable=False),
    # The rest of it as JSON; emptied when the person was erased.
    Column("data", Text, nullable=True),
    Index(None, "account", "number"),
    Index(None, "account", "subject_kind", "subject"),
)

event_watches = Table(
    "event_watches",
    metadata,
    Column("event", Integer, ForeignKey(events.c.number), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("watch", String(40), nullable=False, index=True),
    Column("kind", String(20), nullable=False),
    Column("reference", String(200), nullable=True),
    # The trainer as the watch names them; emptied with the reference when the person was erased.
    Column("trainer", JSON(none_as_null=True), nullable=True),
    Column("person", String(64), nullable=True, index=True),
    Column("before", String(20), nullable=False),
    Column("after", String(20), nullable=False),
)

endpoints = Table(
    "webhook_endpoints",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("account", String(40), nullable=False),
    Column("key", String(40), nullable=False),
    Column("test", Boolean, nullable=False),
    Column("url", Text, nullable=False),
    Column("description", String(200), nullable=True),
    # The types of events that it wants; None: all.
    Column("types", JSON(none_as_null=True), nullable=True),
    # The form of what is sent, as it was when the endpoint was made.
    Column("version", String(20), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("deleted_at", Instant, nullable=True),
    Column("disabled_at", Instant, nullable=True),
    # `asked`, `gone` (it answered 410) or `failing`.
    Column("disabled_by", String(20), nullable=True),
    # Since when nothing has been delivered, when it failed last, how often in a row, and until when it is left alone.
    Column("failing_since", Instant, nullable=True),
    Column("failed_at", Instant, nullable=True),
    Column("failures", Integer, nullable=False, default=0),
    Column("not_before", Instant, nullable=True),
    Index(None, "account", "id"),
)

endpoint_secrets = Table(
    "webhook_secrets",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("endpoint", String(40), ForeignKey(endpoints.c.id), nullable=False, index=True),
    # Encrypted under TRIVET_SECRETS_KEY.
    Column("sealed", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    # Until when it signs beside a newer one; None: it is the newest.
    Column("expires_at", Instant, nullable=True),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("endpoint", String(40), ForeignKey(endpoints.c.id), nullable=False),
    Column("event", Integer, ForeignKey(events.c.number), nullable=False),
    Column("lane", String(120), nullable=False),
    # `pending`, `delivered`, or `failed`: given up, and kept for recovery.
    Column("state", String(20), nullable=False),
    # How many tries there were, and how many of them since it was last asked for.
    Column("tries", Integer, nullable=False),
    Column("tries_now", Integer, nullable=False),
    Column("due_at", Instant, nullable=False),
    # The worker that is at it, and until when it is left to it.
    Column("claimed_by", String(40), nullable=True),
    Column("claimed_until", Instant, nullable=True),
    Column("created_at", Instant, nullable=False),
    Column("ended_at", Instant, nullable=True),
    Index(None, "endpoint", "event", unique=True),
    # What is to be sent next.
    Index(
        "ix_deliveries_waiting",
        "endpoint",
        "lane",
        "event",
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    ),
    Index(
        "ix_deliveries_due",
        "endpoint",
        "due_at",
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    ),
    Index(None, "ended_at"),
)

tries = Table(
    "delivery_tries",
    metadata,
    Column("delivery", String(40), ForeignKey(deliveries.c.id), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("status", Integer, nullable=True),
    Column("failure", Text, nullable=True),
    # The first KiB of what was answered.
    Column("answer", Text, nullable=True),
)
