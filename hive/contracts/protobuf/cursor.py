"""Reading tokens one after the other."""

from hive.contracts.protobuf.tokens import Token, tokenize
from hive.errors import ContractError

MAX_DIGITS = 400
_CLOSING = {"{": "}", "[": "]", "(": ")", "<": ">"}


class Cursor:
    """A place in the tokens of one file; every mistake is a ContractError with its line."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.tokens = tokenize(path, text)
        self.index = 0

    @property
    def now(self) -> Token:
        """The token that comes next."""
        return self.tokens[self.index]

    def peek(self, ahead: int) -> Token:
        """The token after that many others; the last one of the file when there are not so many."""
        return self.tokens[min(self.index + ahead, len(self.tokens) - 1)]

    def error(self, reason: str, token: Token | None = None) -> ContractError:
        """The error for something wrong at a token, the next one by default."""
        return ContractError(self.path, (token or self.now).line, reason)

    def next(self) -> Token:
        """Take the next token."""
        token = self.now
        if token.kind == "end":
            raise self.error("the file ends too early")
        self.index += 1
        return token

    def accept(self, text: str) -> bool:
        """Take the next token if it is this one."""
        if self.now.text == text and self.now.kind != "string":
            self.index += 1
            return True
        return False

    def expect(self, text: str) -> Token:
        """Take this token, or raise."""
        token = self.now
        if not self.accept(text):
            raise self.error(f"expected {text!r}, found {token.text[:40]!r}")
        return token

    def name(self) -> Token:
        """Take a name."""
        if self.now.kind != "name":
            raise self.error(f"expected a name, found {self.now.text[:40]!r}")
        return self.next()

    def dotted(self) -> str:
        """Take a name with dots."""
        parts = ["."] if self.accept(".") else []
        parts.append(self.name().text)
        while self.accept("."):
            parts += [".", self.name().text]
        return "".join(parts)

    def integer(self) -> int:
        """Take a whole number."""
        sign = -1 if self.accept("-") else 1
        token = self.next()
        try:
            octal = token.text.isdigit() and len(token.text) > 1 and token.text[0] == "0"
            return sign * int(token.text[:MAX_DIGITS], 8 if octal else 0)
        except ValueError:
            raise self.error(f"expected a whole number, found {token.text[:40]!r}", token) from None

    def string(self) -> str:
        """Take a string, adjacent ones joined."""
        if self.now.kind != "string":
            raise self.error(f"expected a string, found {self.now.text[:40]!r}")
        parts = []
        while self.now.kind == "string":
            parts.append(self.next().text[1:-1])
        return "".join(parts)

    def skip_balanced(self) -> None:
        """Pass over one token, or over a whole bracketed group."""
        closing: list[str] = []
        while True:
            token = self.next()
            if token.kind == "mark" and token.text in _CLOSING:
                closing.append(_CLOSING[token.text])
            elif token.kind == "mark" and token.text in _CLOSING.values() and closing[-1:] != [token.text]:
                raise self.error(f"unexpected {token.text!r}", token)
            elif token.kind == "mark" and token.text in _CLOSING.values():
                closing.pop()
            if not closing:
                return

    def raw_until(self, *ends: str) -> str:
        """Source up to one of some marks at this level, white space evened out."""
        first = self.index
        while self.now.text not in ends or self.now.kind == "string":
            self.skip_balanced()
        return " ".join(token.text for token in self.tokens[first : self.index])
