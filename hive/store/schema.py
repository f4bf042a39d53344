"""The event table."""

EVENTS = (
    """
    CREATE TABLE event (
        seq INTEGER NOT NULL PRIMARY KEY,
        run VARCHAR NOT NULL,
        service VARCHAR,
        at VARCHAR NOT NULL,
        kind VARCHAR NOT NULL,
        body TEXT NOT NULL
    )
    """,
    "CREATE INDEX event_by_run ON event (run, seq)",
)
