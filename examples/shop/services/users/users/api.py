"""The HTTP interface; `contracts/users.openapi.yaml` says what it promises."""

from users.events import Publisher
from users.model import User, to_json
from users.rules import problems
from users.store import EmailTaken, Store
from users.wsgi import App, Problem, Request


def build_app(store: Store, publisher: Publisher) -> App:
    api = Api(store, publisher)
    app = App()
    app.add("GET", "/healthz", lambda request: (200, {"status": "ok"}))
    app.add("GET", "/users", api.list)
    app.add("POST", "/users", api.create)
    app.add("GET", "/users/{user_id}", api.get)
    app.add("PATCH", "/users/{user_id}", api.update)
    return app


class Api:
    def __init__(self, store: Store, publisher: Publisher) -> None:
        self._store = store
        self._publisher = publisher

    def list(self, request: Request) -> tuple[int, object]:
        return 200, {"users": [to_json(user) for user in self._store.all()]}

    def get(self, request: Request) -> tuple[int, object]:
        return 200, to_json(_found(self._store.get(request.path["user_id"])))

    def create(self, request: Request) -> tuple[int, object]:
        fields = _checked(request.body, new=True)
        try:
            user = self._store.create(fields)
        except EmailTaken as error:
            raise Problem(409, "the e-mail address is taken") from error
        return 201, self._announce(user)

    def update(self, request: Request) -> tuple[int, object]:
        fields = _checked(request.body, new=False)
        try:
            user = _found(self._store.update(request.path["user_id"], fields))
        except EmailTaken as error:
            raise Problem(409, "the e-mail address is taken") from error
        return 200, self._announce(user)

    def _announce(self, user: User) -> dict[str, object]:
        shown = to_json(user)
        self._publisher.publish("user.updated", shown)
        return shown


def _checked(body: object, *, new: bool) -> dict[str, object]:
    if not isinstance(body, dict) or not body:
        raise Problem(422, "a JSON object with fields is needed")
    if errors := problems(body, new=new):
        raise Problem(422, "some fields are not valid", errors=errors)
    return body


def _found(user: User | None) -> User:
    if user is None:
        raise Problem(404, "no such user")
    return user
