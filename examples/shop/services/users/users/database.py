"""Open the database and bring it up to date: tables, then columns, then numbered data migrations."""

import sqlite3
from pathlib import Path

HERE = Path(__file__).parent


def connect(path: str, folder: Path = HERE) -> sqlite3.Connection:
    # The server answers each request in its own thread; the store's lock keeps them apart.
    db = sqlite3.connect(path, check_same_thread=False)
    db.row_factory = sqlite3.Row
    schema = (folder / "schema.sql").read_text()
    db.executescript(schema)
    _add_missing_columns(db, schema)
    _migrate(db, folder / "migrations")
    return db


def _add_missing_columns(db: sqlite3.Connection, schema: str) -> None:
    fresh = sqlite3.connect(":memory:")
    fresh.executescript(schema)
    for (table,) in fresh.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall():
        present = {row["name"] for row in db.execute(f"PRAGMA table_info({table})")}
        for _, name, kind, not_null, default, _ in fresh.execute(f"PRAGMA table_info({table})"):
            if name not in present:
                rule = f"NOT NULL DEFAULT {default}" if not_null else ""
                db.execute(f"ALTER TABLE {table} ADD COLUMN {name} {kind} {rule}")
    fresh.close()
    db.commit()


def _migrate(db: sqlite3.Connection, folder: Path) -> None:
    """Run the migrations above the database's version, each in a transaction with its number."""
    done = db.execute("PRAGMA user_version").fetchone()[0]
    for script in sorted(folder.glob("*.sql")):
        number = int(script.name.split("_")[0])
        if number > done:
            db.executescript(f"BEGIN; {script.read_text()} PRAGMA user_version = {number}; COMMIT;")
