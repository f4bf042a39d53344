"""Declarations without fields: options, ranges, reservations, enums and services."""

from hive.contracts.protobuf.cursor import Cursor
from hive.contracts.protobuf.syntax import MAX_NUMBER, Enum, EnumValue, Reserved, Rpc, Service


class Declarations(Cursor):
    """Reads what messages and files have in common."""

    def option(self, into: dict[str, str]) -> None:
        """`name = value;` behind the keyword `option`."""
        name = self.raw_until("=", ";")
        self.expect("=")
        into[name] = self.raw_until(";")
        self.expect(";")

    def bracket_options(self) -> dict[str, str]:
        """`[name = value, …]`, or nothing."""
        found: dict[str, str] = {}
        if not self.accept("["):
            return found
        while not self.accept("]"):
            name = self.raw_until("=", ",", "]")
            self.expect("=")
            found[name] = self.raw_until(",", "]")
            self.accept(",")
        return found

    def ranges(self) -> list[tuple[int, int]]:
        """`1, 5 to 9, 100 to max`."""
        found = []
        while True:
            first = self.integer()
            last = first
            if self.accept("to"):
                last = MAX_NUMBER if self.accept("max") else self.integer()
            found.append((first, last))
            if not self.accept(","):
                return found

    def reserved(self, into: Reserved) -> None:
        """What stands behind the keyword `reserved`."""
        if self.now.kind == "number" or self.now.text == "-":
            into.ranges += self.ranges()
        else:
            while True:
                into.names.append(self.string() if self.now.kind == "string" else self.name().text)
                if not self.accept(","):
                    break
        self.expect(";")

    def enum(self, scope: str) -> Enum:
        """An enum, behind its keyword."""
        name = self.name()
        enum = Enum(name.text, f"{scope}.{name.text}" if scope else name.text, name.line)
        self.expect("{")
        while not self.accept("}"):
            follows = self.peek(1)
            if self.accept(";"):
                continue
            if self.now.text == "option" and follows.text != "=":
                self.index += 1
                self.option(enum.options)
            elif self.now.text == "reserved" and follows.text != "=":
                self.index += 1
                self.reserved(enum.reserved)
            else:
                self._enum_value(enum)
        return enum

    def _enum_value(self, enum: Enum) -> None:
        name = self.name()
        self.expect("=")
        number = self.integer()
        if any(known.name == name.text for known in enum.values):
            raise self.error(f"{enum.full} has a value {name.text!r} already", name)
        enum.values.append(EnumValue(name.text, number, name.line, self.bracket_options()))
        self.expect(";")

    def service(self, scope: str) -> Service:
        """A service, behind its keyword."""
        name = self.name()
        service = Service(name.text, f"{scope}.{name.text}" if scope else name.text, name.line)
        self.expect("{")
        while not self.accept("}"):
            if self.accept(";"):
                continue
            token = self.now
            if self.accept("option"):
                self.option(service.options)
            elif self.accept("rpc"):
                service.rpcs.append(self._rpc())
            else:
                raise self.error(f"expected 'rpc', found {token.text[:40]!r}")
        if len({rpc.name for rpc in service.rpcs}) < len(service.rpcs):
            raise self.error(f"{service.full} declares a method twice", name)
        return service

    def _rpc(self) -> Rpc:
        name = self.name()
        request, client = self._rpc_type()
        self.expect("returns")
        response, server = self._rpc_type()
        rpc = Rpc(name.text, name.line, request, response, client, server)
        if not self.accept(";"):
            self.expect("{")
            while not self.accept("}"):
                if not self.accept(";"):
                    self.expect("option")
                    self.option(rpc.options)
        return rpc

    def _rpc_type(self) -> tuple[str, bool]:
        self.expect("(")
        follows = self.peek(1)
        stream = self.now.text == "stream" and follows.text != ")" and self.accept("stream")
        name = self.dotted()
        self.expect(")")
        return name, stream
