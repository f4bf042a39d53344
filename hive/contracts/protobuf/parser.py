"""A parser of proto2, proto3 and editions source; strict about structure, patient about options."""

from hive.contracts.node import MAX_DEPTH
from hive.contracts.protobuf.declarations import Declarations
from hive.contracts.protobuf.syntax import MAX_NUMBER, Field, File, Label, Message
from hive.contracts.protobuf.tokens import Token

_LABELS: dict[str, Label] = {"optional": "optional", "required": "required", "repeated": "repeated"}


def parse_file(path: str, text: str) -> File:
    """Read a file. Raises ContractError with the line of the first thing that is wrong."""
    return _Parser(path, text).file()


class _Parser(Declarations):
    def __init__(self, path: str, text: str) -> None:
        super().__init__(path, text)
        self.depth = 0
        self.parsed = File()

    def file(self) -> File:
        while self.now.kind != "end":
            self._top()
        return self.parsed

    def _top(self) -> None:
        token, parsed = self.now, self.parsed
        if self.accept(";"):
            return
        keyword = self.name().text
        match keyword:
            case "syntax" | "edition":
                self._syntax(keyword, token)
            case "package":
                parsed.package = self.dotted()
                parsed.head["package"] = self.expect(";").end
            case "import":
                _ = self.accept("public") or self.accept("weak") or self.accept("option")
                parsed.imports.append(self.string())
                parsed.head["import"] = self.expect(";").end
            case "option":
                self.option(parsed.options)
            case "export" | "local":
                self._declaration(self.name().text, token)
            case _:
                self._declaration(keyword, token)

    def _syntax(self, keyword: str, token: Token) -> None:
        self.expect("=")
        value = self.string()
        if keyword == "syntax" and value not in ("proto2", "proto3"):
            raise self.error(f"unknown syntax {value[:40]!r}", token)
        self.parsed.syntax = value if keyword == "syntax" else f"edition {value}"
        self.parsed.head["syntax"] = self.expect(";").end

    def _declaration(self, keyword: str, token: Token) -> None:
        parsed, scope = self.parsed, self.parsed.package
        match keyword:
            case "message":
                parsed.messages.append(self._message(scope))
            case "enum":
                parsed.enums.append(self.enum(scope))
            case "service":
                parsed.services.append(self.service(scope))
            case "extend":
                self._extend(scope)
            case _:
                raise self.error(f"unexpected {keyword[:40]!r}", token)
        names = [one.name for one in parsed.messages]
        names += [one.name for one in parsed.enums] + [one.name for one in parsed.services]
        if len(set(names)) < len(names):
            raise self.error("this name is declared already", token)

    def _message(self, scope: str) -> Message:
        name = self.name()
        return self._body(name, f"{scope}.{name.text}" if scope else name.text)

    def _body(self, name: Token, full: str) -> Message:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.error(f"messages nested more than {MAX_DEPTH} levels deep")
        start = self.expect("{").end
        message = Message(name.text, full, name.line, (start, start))
        while self.now.text != "}":
            self._member(message, None)
        message.body = (start, self.now.start)
        self.expect("}")
        self.depth -= 1
        return message

    def _member(self, message: Message, oneof: str | None) -> None:
        token = self.now
        if self.accept(";"):
            return
        if token.text == "option" and not self._field_follows():
            self.index += 1
            self.option(message.options if oneof is None else {})
        elif oneof is not None or not self._nested(message, token):
            self._field(message, oneof)

    def _nested(self, message: Message, token: Token) -> bool:
        """A declaration inside a message; false when the keyword is really the type of a field."""
        if token.kind != "name" or self._field_follows():
            return False
        self.index += 1
        match token.text:
            case "message":
                message.messages.append(self._message(message.full))
            case "enum":
                message.enums.append(self.enum(message.full))
            case "oneof":
                self._oneof(message)
            case "extend":
                self._extend(message.full)
            case "extensions":
                message.extensions += self.ranges()
                self.bracket_options()
                self.expect(";")
            case "reserved":
                self.reserved(message.reserved)
            case _:
                self.index -= 1
                return False
        return True

    def _field_follows(self) -> bool:
        """Whether the next tokens read `type name = number`: keywords are allowed as names of types."""
        numbered = self.peek(2).text == "=" and self.peek(3).kind == "number"
        return numbered and self.now.text != "option"

    def _oneof(self, message: Message) -> None:
        name = self.name().text
        start = self.expect("{").end
        while self.now.text != "}":
            self._member(message, name)
        message.oneofs[name] = (start, self.now.start)
        self.expect("}")

    def _field(self, message: Message, oneof: str | None) -> None:
        first = self.now
        label: Label = ""
        if first.text in _LABELS and self.peek(1).text not in ("=",):
            label = _LABELS[self.next().text]
        type_start = self.now.start
        written = self._type()
        type_end = self.tokens[self.index - 1].end
        name = self.name()
        self.expect("=")
        token = self.now
        number = self.integer()
        options = self.bracket_options()
        if written == "group":
            full = f"{message.full}.{name.text}"
            message.messages.append(self._body(name, full))
            end, written = self.tokens[self.index - 1].end, full
            self.accept(";")
        else:
            end = self.expect(";").end
        made = Field(
            name.text,
            written,
            label,
            number,
            name.line,
            (first.start, end),
            (name.start, name.end),
            (type_start, type_end),
            options,
            oneof,
            scope=message.full,
        )
        self._check(message, made, token)
        message.fields.append(made)

    def _check(self, message: Message, made: Field, token: Token) -> None:
        if not 1 <= made.number <= MAX_NUMBER:
            raise self.error(f"field number {made.number} is not between 1 and {MAX_NUMBER}", token)
        for known in message.fields:
            if known.number == made.number:
                raise self.error(f"number {made.number} is used by {known.name!r} already", token)
            if known.name == made.name:
                raise self.error(f"{message.full} has a field {made.name!r} already", token)

    def _type(self) -> str:
        if self.now.text == "map" and self.peek(1).text == "<":
            self.index += 2
            key = self.dotted()
            self.expect(",")
            value = self.dotted()
            self.expect(">")
            return f"map<{key},{value}>"
        return self.dotted()

    def _extend(self, scope: str) -> None:
        extended = self.dotted()
        start = self.expect("{").end
        holder = Message(extended, extended, self.now.line, (start, start))
        while self.now.text != "}":
            if not self.accept(";"):
                self._field(holder, None)
        self.expect("}")
        self.parsed.extends += holder.fields
        for group in holder.messages:
            group.full = f"{scope}.{group.name}" if scope else group.name
            self.parsed.messages.append(group)
