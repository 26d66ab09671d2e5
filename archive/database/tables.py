"""The catalogue's tables, in SQLAlchemy Core. The migrations create them; a test proves that both agree."""

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    text,
)

SCHEMA_REVISION = "0008"
"""The newest revision in migrations/versions."""


class Moment(TypeDecorator[datetime]):
    """A point in time, always in UTC. SQLite keeps no time zone, so it is put on again when read."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

documents = Table(
    "documents",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("sha256", String(64), nullable=False, unique=True),
    Column("size", BigInteger, nullable=False),
    Column("filename", Text, nullable=False),
    # What a person said and what was found in the text stay apart, so that reading a file again can improve
    # the one and never touches the other.
    Column("title", Text),
    Column("title_found", Text),
    Column("year", Integer),
    # As full as it was said (ISO 8601), always of the year beside it. Empty: said to be unknown.
    Column("date", Text),
    # Where the document was listed, and in itself: see archive/dates.py. NULL: nobody has looked yet.
    Column("dates_told", JSON, nullable=False, server_default="[]"),
    Column("dates_found", JSON(none_as_null=True)),
    Column("plan", Text),
    Column("kind", Text),
    Column("language", String(2)),
    Column("languages", JSON, nullable=False),
    Column("status", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("warnings", JSON, nullable=False),
    Column("pages", Integer, nullable=False),
    Column("ocr_pages", Integer, nullable=False),
    Column("pages_needing_ocr", Integer, nullable=False),
    Column("images", Boolean, nullable=False),
    Column("is_demonstration", Boolean, nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("source_url", Text),
    Column("retrieved_url", Text),
    Column("retrieved_at", Moment),
    Column("http_headers", JSON, nullable=False),
    # That of the catalogue when the document was last changed: see archive/database/state.py.
    Column("state", BigInteger, nullable=False, server_default="0"),
    # What the newest check of the original found wrong, and when a check found that first: see
    # check_outcomes.py.
    Column("damage", Text),
    Column("damaged_since", Moment),
    Index("ix_documents_status", "status", "id"),
)

pages = Table(
    "pages",
    metadata,
    Column("document", String(16), ForeignKey("documents.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("label", Text, nullable=False),
    Column("width", Float, nullable=False),
    Column("height", Float, nullable=False),
    Column("source", Text, nullable=False),
    Column("needs_ocr", Boolean, nullable=False),
    Column("health_text_layer", Float),
    Column("health_ocr", Float),
    Column("reading_choice", Text, nullable=False),
)


def _blocks(name: str) -> Table:
    return Table(
        name,
        metadata,
        Column("document", String(16), ForeignKey("documents.id"), primary_key=True),
        Column("page", Integer, primary_key=True),
        Column("position", Integer, primary_key=True),
        Column("kind", Text, nullable=False),
        Column("language", String(2), nullable=False),
        Column("text", Text, nullable=False),
        # Last, so that a database that reads a row from its start gets the text without the words.
        Column("words", LargeBinary, nullable=False),
    )


blocks = _blocks("passages")
"""The text of a page: as it was read, or as an archivist has corrected it."""

blocks_as_read = _blocks("passages_as_read")
"""Of corrected pages alone: what was read there, with the words whose boxes the corrected words inherit."""

corrections = Table(
    "corrections",
    metadata,
    # Of a document and not of its row in pages: a correction outlives any reading.
    Column("document", String(16), ForeignKey("documents.id"), primary_key=True),
    Column("page", Integer, primary_key=True),
    Column("passages", JSON, nullable=False),
    Column("agent", Text, nullable=False),
    Column("at", Moment, nullable=False),
    # SHA-256 of the words that were read when the correction was made.
    Column("reading", String(64), nullable=False),
    # What the row of the page said before it was corrected.
    Column("source", Text, nullable=False),
    Column("needs_ocr", Boolean, nullable=False),
)

ocr_instructions = Table(
    "ocr_instructions",
    metadata,
    Column("document", String(16), ForeignKey("documents.id"), primary_key=True),
    Column("page", Integer, primary_key=True),
    Column("instruction", Text, nullable=False),
)

catalogue_state = Table(
    "catalogue_state",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("number", BigInteger, nullable=False),
    CheckConstraint("id = 1", name="ck_catalogue_state_one_row"),
)
"""One row: see archive/database/state.py."""

events = Table(
    "events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("document", String(16), ForeignKey("documents.id"), index=True),
    Column("type", Text, nullable=False),
    Column("agent", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("before", JSON, nullable=False),
    Column("after", JSON, nullable=False),
)

jobs = Table(
    "jobs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("document", String(16), ForeignKey("documents.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False, index=True),
    Column("attempts", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("queued_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    # Of a running job: see archive/catalogue/claims.py. The worker, for people; what it has to show to change
    # anything; and until when, by the clock of the database, nobody else may take the job.
    Column("claimed_by", Text),
    Column("claim", String(64)),
    Column("lease_until", Moment),
    Index("ix_jobs_document_kind", "document", "kind"),
)
Index(
    "uq_jobs_queued",
    jobs.c.document,
    jobs.c.kind,
    unique=True,
    sqlite_where=text("state = 'queued'"),
    postgresql_where=text("state = 'queued'"),
)
Index(
    "uq_jobs_running",
    jobs.c.document,
    unique=True,
    sqlite_where=text("state = 'running'"),
    postgresql_where=text("state = 'running'"),
)

wanted_images = Table(
    "wanted_images",
    metadata,
    Column("document", String(16), ForeignKey("documents.id"), primary_key=True),
    Column("page", Integer, primary_key=True),
    Column("attempts", Integer, nullable=False),
    Column("asked_at", Moment, nullable=False),
)
"""Pages that readers want to see larger, until they are drawn."""

accounts = Table(
    "accounts",
    metadata,
    Column("name", Text, primary_key=True),
    Column("password", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    # SHA-256 of the token, never the token itself.
    Column("token", String(64), primary_key=True),
    Column("account", Text, ForeignKey("accounts.name"), nullable=False, index=True),
    Column("begun_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False, index=True),
)
"""Who has signed in: a row for each browser. Signing out removes it."""

sign_in_attempts = Table(
    "sign_in_attempts",
    metadata,
    Column("id", Integer, primary_key=True),
    # SHA-256 of what was typed as a name.
    Column("name", String(64), nullable=False),
    Column("address", String(64), nullable=False, index=True),
    Column("at", Moment, nullable=False, index=True),
)
"""Of the last quarter of an hour: see archive/accounts/attempts.py."""
