"""What Textual needs for itself: an application of one table at rest, a row for each service, and nothing of hive's."""

from textual.app import App, ComposeResult
from textual.widgets import DataTable

COLUMNS = 9


class Floor(App[None]):
    """Started in a terminal, it is there when its rows are."""

    CSS = "DataTable > .datatable--cursor { background: #3a3320; color: #f5f0e0; }"

    def compose(self) -> ComposeResult:
        """The table."""
        yield DataTable(cursor_type="row")

    def on_mount(self) -> None:
        """Its rows."""
        table: DataTable[str] = self.query_one(DataTable)
        table.add_columns(*"abcdefghi")
        for n in range(100):
            table.add_row(f"service-{n:03}", *["words"] * (COLUMNS - 1))


if __name__ == "__main__":
    Floor().run()
