"""Run the service: `python -m orders`."""

from orders.api import build_app
from orders.config import Config
from orders.events import HttpPublisher, NullPublisher
from orders.payments_client import PaymentsClient
from orders.placing import Shop
from orders.store import Store
from orders.users_client import UsersClient
from orders.wsgi import serve


def main() -> None:
    config = Config.from_env()
    shop = Shop(
        store=Store.open(config.database),
        users=UsersClient(config.users_url),
        payments=PaymentsClient(config.payments_url),
        publisher=HttpPublisher(config.events_url) if config.events_url else NullPublisher(),
    )
    serve(build_app(shop), config.port)


if __name__ == "__main__":
    main()
