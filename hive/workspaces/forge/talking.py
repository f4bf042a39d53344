"""Speaking with a forge's API: bounded, without redirects, every failure of a known class."""

from collections.abc import Mapping
from typing import Any

from hive.errors import UsageError
from hive.text import one_line
from hive.workspaces.remote.answers import Refusal, TroubleError

TIMEOUT = 30.0
BODY_LIMIT = 4 << 20


class Talk:
    """One forge's API, with the user's token in a header; the token goes to this address alone."""

    def __init__(self, api: str, headers: Mapping[str, str], who: str, timeout: float = TIMEOUT) -> None:
        self._api, self._who = api.rstrip("/"), who
        self._headers, self._timeout = dict(headers), timeout

    def ask(self, method: str, path: str, *, given: object = None, missing: bool = False) -> Any:  # noqa: ANN401
        """The JSON of an answer; None for a 404 or a conflict where `missing` allows it. Raises TroubleError."""
        try:
            import httpx2
        except ImportError as error:
            raise UsageError(
                "pull requests need an HTTP client", next_step="pip install 'hive-orchestrator[forge]'"
            ) from error
        try:
            with httpx2.Client(timeout=self._timeout, follow_redirects=False) as client:
                answer = client.request(method, self._api + path, json=given, headers=self._headers)
                if len(answer.content) > BODY_LIMIT:
                    raise TroubleError("network", self._who, f"it answered with {len(answer.content)} bytes")
                return self._judge(answer, missing)
        except httpx2.HTTPError as error:
            raise TroubleError(
                "network", self._who, f"{type(error).__name__}: {one_line(str(error))}"
            ) from error

    def _judge(self, answer: Any, missing: bool) -> Any:  # noqa: ANN401
        if answer.is_success:
            try:
                return answer.json()
            except ValueError as error:
                raise TroubleError("network", self._who, "its answer is not JSON") from error
        if missing and answer.status_code in (404, 409, 422):
            return None
        kind, after = judge(answer.status_code, answer.headers)
        raise TroubleError(kind, self._who, f"{answer.status_code} {_words(answer)}", after=after)


def judge(status: int, headers: Mapping[str, str]) -> tuple[Refusal, float]:
    """The class of an answer that is no success, and the seconds that the forge asks to wait."""
    limited = status == 429 or (
        status == 403 and ("retry-after" in headers or headers.get("x-ratelimit-remaining") == "0")
    )
    if limited or status >= 500:
        return "network", _seconds(headers.get("retry-after", ""))
    if status in (401, 403):
        return "denied", 0.0
    return ("setup" if status in (301, 302, 307, 308, 404, 410) else "declined"), 0.0


def _seconds(text: str) -> float:
    return float(text) if text.isdigit() else 0.0


def _words(answer: Any) -> str:  # noqa: ANN401
    try:
        said = answer.json()
    except ValueError:
        return one_line(answer.text, 200)
    if not isinstance(said, dict):
        return one_line(said, 200)
    errors = [
        each.get("message", each) if isinstance(each, dict) else each for each in said.get("errors", [])
    ]
    return one_line(
        "; ".join(str(each) for each in (said.get("message", said.get("error", "")), *errors) if each), 400
    )
