"""Run the service: `python -m users`, or `python -m users seed` to fill an empty database."""

import json
import sys
from pathlib import Path

from users.api import build_app
from users.config import Config
from users.events import HttpPublisher, NullPublisher
from users.model import to_json
from users.store import Store
from users.wsgi import serve


def main() -> None:
    config = Config.from_env()
    store = Store.open(config.database)
    publisher = HttpPublisher(config.events_url) if config.events_url else NullPublisher()
    if sys.argv[1:] == ["seed"]:
        for fields in json.loads(Path("seed.json").read_text()):
            publisher.publish("user.updated", to_json(store.create(fields)))
        return
    serve(build_app(store, publisher), config.port)


if __name__ == "__main__":
    main()
