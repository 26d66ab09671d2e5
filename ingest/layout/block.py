"""A block of a page: the result of layout, and the unit of everything after it."""

from dataclasses import dataclass, replace

from archive.records import BlockKind
from ingest.tables.unruled_tables import TableRow


@dataclass(slots=True)
class LayoutBlock:
    """A heading, paragraph, list, table or running line.

    Its rows are the items of a list or the rows of a table (else there is one); each has cells (one,
    unless in a table), each cell has lines, and each line the rows of the page's words.
    """

    kind: BlockKind
    rows: list[TableRow]
    column: int
    """Which column of the page it is in, counted in reading order."""
    x0: float
    x1: float
    size: float
    is_bold: bool

    def words(self) -> list[int]:
        """All its words, in reading order."""
        return [word for row in self.rows for cell in row for line in cell for word in line]

    def column_of_table(self, column: int) -> "LayoutBlock":
        """The cells of one of its columns, as a block."""
        rows = [[row[column]] for row in self.rows if len(row) > column and row[column]]
        return replace(self, rows=rows)
