"""Log lines as JSON, with personal data masked."""

import json
import logging

MASKED = ("email", "phone", "display_name")


class JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {"level": record.levelname.lower(), "logger": record.name, "message": record.getMessage()}
        fields = getattr(record, "fields", {})
        line |= {name: "***" if name in MASKED else value for name, value in fields.items()}
        return json.dumps(line)


def set_up() -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(level=logging.INFO, handlers=[handler])
