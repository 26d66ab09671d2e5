"""Pages that readers want to see larger."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "wanted_images",
        sa.Column("document", sa.String(16), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("document", "page", name="pk_wanted_images"),
        sa.ForeignKeyConstraint(["document"], ["documents.id"], name="fk_wanted_images_document"),
    )
