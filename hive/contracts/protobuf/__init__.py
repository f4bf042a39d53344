"""Protocol Buffers: proto2, proto3 and editions."""

from hive.contracts.changes import Report
from hive.contracts.document import Document
from hive.contracts.protobuf.diff import compare
from hive.contracts.protobuf.document import ProtoDocument
from hive.contracts.protobuf.edit import edit_file
from hive.contracts.protobuf.parser import parse_file
from hive.contracts.rules.protobuf import PROTOBUF
from hive.contracts.source import BOM, decode_contract
from hive.model import Change, Intent


def _read(path: str, raw: bytes) -> ProtoDocument:
    text = decode_contract(path, raw).removeprefix(BOM)
    return ProtoDocument(path, text, parse_file(path, text))


class Protobuf:
    """The format of gRPC services and of binary events."""

    def parse(self, path: str, raw: bytes) -> Document:
        """Read a file. Raises ContractError."""
        return _read(path, raw)

    def diff(self, path: str, old: bytes | None, new: bytes | None) -> tuple[Change, ...]:
        """Compare two versions by buf's rules of the category FILE."""
        before, after = (_read(path, raw or b"") for raw in (old, new))
        if old is not None and new is not None:
            return compare(path, before, after)
        report = Report(path)
        rule = PROTOBUF["FILE_ADDED" if old is None else "FILE_NO_DELETE"]
        operations = (after if old is None else before).operations()
        report.add("", rule, "none", rule.about, [operation.name for operation in operations])
        return report.changes()

    def edit(self, path: str, raw: bytes, intent: Intent) -> bytes:
        """Change one field of a message."""
        bom = BOM if decode_contract(path, raw).startswith(BOM) else ""
        return (bom + edit_file(_read(path, raw), intent)).encode()
