"""The register, accounts and verifications."""

import sqlalchemy as sa
from alembic import op

from trivet.database import Instant

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "accounts",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("accepts_declared", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("name", name=op.f("uq_accounts_name")),
    )
    op.create_table(
        "erasures",
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("erased_at", Instant(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_erasures")),
    )
    op.create_table(
        "raw_documents",
        sa.Column("digest", sa.String(length=80), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("stored_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_raw_documents")),
    )
    op.create_table(
        "snapshots",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("parent", sa.String(length=40), nullable=True),
        sa.Column("digest", sa.String(length=80), nullable=False),
        sa.Column("published_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_snapshots")),
        sa.UniqueConstraint("id", name=op.f("uq_snapshots_id")),
    )
    op.create_index(op.f("ix_snapshots_published_at"), "snapshots", ["published_at"])

    op.create_table(
        "verifications",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("test", sa.Boolean(), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=True),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("delivered_on", sa.Date(), nullable=False),
        sa.Column("known_at", Instant(), nullable=False),
        sa.Column("snapshot", sa.String(length=40), nullable=True),
        sa.Column("checked_at", Instant(), nullable=False),
        sa.Column("person", sa.String(length=64), nullable=True),
        sa.Column("question", sa.Text(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("question_digest", sa.String(length=80), nullable=False),
        sa.Column("answer_digest", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verifications")),
    )
    op.create_index(op.f("ix_verifications_account_id"), "verifications", ["account", "id"])
    op.create_index(op.f("ix_verifications_person"), "verifications", ["person"])

    op.create_table(
        "changes",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("snapshot", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("register", sa.String(length=100), nullable=True),
        sa.Column("person", sa.String(length=64), nullable=True),
        sa.Column("change", sa.String(length=20), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("known_at", Instant(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["snapshot"], ["snapshots.number"], name=op.f("fk_changes_snapshot")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_changes")),
        sa.UniqueConstraint("id", name=op.f("uq_changes_id")),
    )
    op.create_index(op.f("ix_changes_person"), "changes", ["person"])
    op.create_index(op.f("ix_changes_snapshot"), "changes", ["snapshot"])

    op.create_table(
        "fetches",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=100), nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("finished_at", Instant(), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("http_status", sa.Integer(), nullable=True),
        sa.Column("validators", sa.JSON(), nullable=True),
        sa.Column("digest", sa.String(length=80), nullable=True),
        sa.Column("as_of", Instant(), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("counts", sa.JSON(), nullable=True),
        sa.Column("rejected", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["digest"], ["raw_documents.digest"], name=op.f("fk_fetches_digest")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fetches")),
    )
    op.create_index(op.f("ix_fetches_source_started_at"), "fetches", ["source", "started_at"])

    op.create_table(
        "keys",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("account", sa.String(length=40), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("test", sa.Boolean(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("revoked_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["account"], ["accounts.id"], name=op.f("fk_keys_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_keys")),
    )
    op.create_index(op.f("ix_keys_account"), "keys", ["account"])

    op.create_table(
        "statements",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("snapshot", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=True),
        sa.Column("record", sa.Text(), nullable=True),
        sa.Column("family_name_hash", sa.String(length=64), nullable=True),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.Column("person", sa.String(length=64), nullable=True),
        sa.Column("first_seen", sa.Date(), nullable=False),
        sa.Column("absent_since", sa.Date(), nullable=True),
        sa.Column("digest", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["snapshot"], ["snapshots.number"], name=op.f("fk_statements_snapshot")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_statements")),
    )
    op.create_index(op.f("ix_statements_person"), "statements", ["person"])
    op.create_index(op.f("ix_statements_source_kind_key"), "statements", ["source", "kind", "key"])

    op.create_table(
        "snapshot_sources",
        sa.Column("snapshot", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=100), nullable=False),
        sa.Column("fetch", sa.String(length=40), nullable=False),
        sa.Column("publisher", sa.String(length=300), nullable=False),
        sa.Column("vouched_by", sa.String(length=30), nullable=False),
        sa.Column("as_of", Instant(), nullable=False),
        sa.Column("max_age_seconds", sa.BigInteger(), nullable=False),
        sa.Column("term", sa.JSON(), nullable=True),
        sa.Column("coverage", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["fetch"], ["fetches.id"], name=op.f("fk_snapshot_sources_fetch")),
        sa.ForeignKeyConstraint(
            ["snapshot"], ["snapshots.number"], name=op.f("fk_snapshot_sources_snapshot")
        ),
        sa.PrimaryKeyConstraint("snapshot", "source", name=op.f("pk_snapshot_sources")),
    )


def downgrade() -> None:
    """Take the tables back."""
    for table in (
        "snapshot_sources",
        "statements",
        "keys",
        "fetches",
        "changes",
        "verifications",
        "snapshots",
        "raw_documents",
        "erasures",
        "accounts",
    ):
        op.drop_table(table)
