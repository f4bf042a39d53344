import json
from io import StringIO

from hive.dashboard.jsonlines import JsonLinesWriter
from hive.events import Envelope


def written(told) -> str:
    out = StringIO()
    JsonLinesWriter(out).write(told.envelopes)
    return out.getvalue()


def test_every_event_is_one_object_on_one_line_and_loads_again(story):
    told = story().landed()
    lines = written(told).splitlines()
    assert [Envelope.model_validate_json(line) for line in lines] == told.envelopes


def test_hostile_text_is_data_on_one_line_however_lines_are_split(story, hostile):
    request = hostile + "\n\r\u2028\u2029\x85"
    text = written(story().created(request=request))
    assert len(text.splitlines()) == 1
    assert not any(c in text for c in "\x1b\x07")
    assert json.loads(text)["event"]["request"] == request
