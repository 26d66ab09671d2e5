"""Workers hold a running job by a lease, one job of a document at a time."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_IS_RUNNING = sa.text("state = 'running'")


def upgrade() -> None:
    op.add_column("jobs", sa.Column("claimed_by", sa.Text()))
    op.add_column("jobs", sa.Column("claim", sa.String(64)))
    op.add_column("jobs", sa.Column("lease_until", sa.DateTime(timezone=True)))
    # Nobody holds these by a lease: they wait again, unless an equal job does already.
    op.execute(
        "UPDATE jobs SET state = 'done', reason = 'overtaken by an equal job' "
        "WHERE state = 'running' AND EXISTS (SELECT 1 FROM jobs AS other WHERE other.document = jobs.document "
        "AND other.kind = jobs.kind AND (other.state = 'queued' "
        "OR (other.state = 'running' AND other.id > jobs.id)))"
    )
    op.execute("UPDATE jobs SET state = 'queued' WHERE state = 'running'")
    op.create_index(
        "uq_jobs_running",
        "jobs",
        ["document"],
        unique=True,
        sqlite_where=_IS_RUNNING,
        postgresql_where=_IS_RUNNING,
    )
