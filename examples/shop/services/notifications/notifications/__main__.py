"""Run the service: `python -m notifications`."""

from notifications.api import build_app
from notifications.config import Config
from notifications.contacts import Contacts
from notifications.outbox import Outbox
from notifications.wsgi import serve


def main() -> None:
    config = Config.from_env()
    app = build_app(Contacts(config.data / "contacts.json"), Outbox(config.data / "outbox.jsonl"))
    serve(app, config.port)


if __name__ == "__main__":
    main()
