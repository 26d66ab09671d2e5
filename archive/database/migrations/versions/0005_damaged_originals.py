"""What checks found wrong with originals."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # NULL: the original was whole when it was looked at last, or nobody has looked yet.
    op.add_column("documents", sa.Column("damage", sa.Text()))
    op.add_column("documents", sa.Column("damaged_since", sa.DateTime(timezone=True)))
