"""Log lines do not give personal data away."""

import json
import logging

from users.logs import JsonFormatter


def test_personal_data_is_masked():
    record = logging.makeLogRecord({"msg": "seen", "fields": {"email": "ada@example.com", "user_id": "u1"}})
    line = json.loads(JsonFormatter().format(record))
    assert (line["email"], line["user_id"]) == ("***", "u1")
