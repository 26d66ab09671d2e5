"""The state of the catalogue and of each document: a number that moves in the order of commits."""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    state = op.create_table(
        "catalogue_state",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_catalogue_state"),
        sa.CheckConstraint("id = 1", name="ck_catalogue_state_one_row"),
    )
    # Random, so that a new catalogue in the place of another one has none of its states.
    op.bulk_insert(state, [{"id": 1, "number": secrets.randbelow(2**31)}])
    op.add_column("documents", sa.Column("state", sa.BigInteger(), nullable=False, server_default="0"))
    op.execute("UPDATE documents SET state = (SELECT number FROM catalogue_state)")
