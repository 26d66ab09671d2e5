"""How healthy the readings of a page are; corrections by hand; instructions on OCR."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("pages", sa.Column("health_text_layer", sa.Float()))
    op.add_column("pages", sa.Column("health_ocr", sa.Float()))
    # Pages that are there already were read by a version that did not say why it kept what it kept.
    op.add_column("pages", sa.Column("reading_choice", sa.Text(), nullable=False, server_default=""))
    _create_table(
        "passages_as_read",
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        key=("document", "page", "position"),
    )
    _create_table(
        "corrections",
        sa.Column("passages", sa.JSON(), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reading", sa.String(64), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("needs_ocr", sa.Boolean(), nullable=False),
        key=("document", "page"),
    )
    _create_table(
        "ocr_instructions",
        sa.Column("instruction", sa.Text(), nullable=False),
        key=("document", "page"),
    )


def _create_table(name: str, *columns: sa.Column, key: tuple[str, ...]) -> None:
    op.create_table(
        name,
        sa.Column("document", sa.String(16), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        *columns,
        sa.PrimaryKeyConstraint(*key, name=f"pk_{name}"),
        sa.ForeignKeyConstraint(["document"], ["documents.id"], name=f"fk_{name}_document"),
    )
