"""The HTTP interface: events come in."""

from notifications.contacts import Contacts
from notifications.handlers import Handlers
from notifications.outbox import Outbox
from notifications.wsgi import App, Problem, Request


def build_app(contacts: Contacts, outbox: Outbox) -> App:
    handlers = Handlers(contacts, outbox)

    def receive(request: Request) -> tuple[int, object]:
        try:
            return 202, {"handled": handlers.handle(request.body)}
        except (KeyError, TypeError) as error:
            raise Problem(422, f"the event lacks {error}") from error

    app = App()
    app.add("GET", "/healthz", lambda request: (200, {"status": "ok"}))
    app.add("POST", "/events", receive)
    return app
