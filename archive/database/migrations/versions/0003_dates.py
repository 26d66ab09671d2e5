"""Dates of documents, as full as they are known, and where they were found."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # NULL: nobody said a date, and the year that was said holds; empty: somebody said that it is not known.
    op.add_column("documents", sa.Column("date", sa.Text()))
    op.add_column("documents", sa.Column("dates_told", sa.JSON(), nullable=False, server_default="[]"))
    # NULL: nobody has looked for dates in the document yet.
    op.add_column("documents", sa.Column("dates_found", sa.JSON(none_as_null=True)))
