"""A small program that speaks Codex's app-server protocol, and behaves as its first argument says."""

import itertools
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

HOW = sys.argv[1]
VERSION = {"old": "0.98.0", "nameless": "unknown"}.get(HOW, "0.169.0")
THREADS = Path(os.environ["CODEX_HOME"], "sessions")
NUMBERS = itertools.count()


def send(**message):
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


def notify(method, **params):
    send(method=method, params={"threadId": "t1", "turnId": "u1", **params})


def item(stage, kind, **more):
    notify(f"item/{stage}", item={"type": kind, "id": f"i{next(NUMBERS)}", **more})


def say(words):
    item("completed", "agentMessage", text=words)


def receive():
    line = sys.stdin.readline()
    if not line:
        os._exit(0)
    return json.loads(line)


def asked(method, **params):
    """Ask hive and wait for the answer to exactly this."""
    send(id=f"q{next(NUMBERS)}", method=method, params={"threadId": "t1", "turnId": "u1", **params})
    while "result" not in (answer := receive()) and "error" not in answer:
        handle(answer)
    return answer


def edit(path, text, *, announced=True, **more):
    """Change a file with hive's permission."""
    where = str(Path.cwd() / path)
    change = {
        "type": "fileChange",
        "id": "e1",
        "changes": [{"path": where, "kind": {"type": "add"}, "diff": text}],
    }
    if announced:
        notify("item/started", item={**change, "status": "inProgress"})
    answer = asked("item/fileChange/requestApproval", itemId="e1", reason=None, **more)
    granted = answer.get("result") == {"decision": "accept"}
    if granted:
        Path(where).write_text(text)
    notify("item/completed", item={**change, "status": "completed" if granted else "declined"})


def use(total, last):
    usage = {
        "total": {"inputTokens": total, "outputTokens": 0},
        "last": {"inputTokens": last, "outputTokens": 0},
    }
    notify("thread/tokenUsage/updated", tokenUsage=usage)


def complete(status="completed", **error):
    notify("turn/completed", turn={"id": "u1", "status": status, "error": error or None})


def child():
    subprocess.Popen(["sleep", "1000"], start_new_session=True)


def play(words):
    say("I begin.")
    match HOW:
        case "fails":
            complete("failed", message="the model refuses", additionalDetails="HTTP 400")
            return
        case "lasts" | "interruptible":
            child()
            return  # whoever reads on interrupts it
        case "leaves":
            subprocess.Popen(["sh", "-c", sys.argv[2]])
            return
        case "echoes":
            say(words)
            for total, last in ((500, 200), (500, 200), (700, 200)):
                use(total, last)
        case _:
            ACTS.get(HOW, lambda: None)()
    complete()


def hostile():
    """Lines that are no messages, between those that are."""
    out = sys.stdout.buffer
    for line in (
        b"not json", b'{"method": "item/completed", "params": 7}', b"[]", b"\xff\xfe\x00", b"[" * 100_000, b"",
        b'{"id": 99, "result": {}}', b'{"method": "brand/new", "params": {"x": "\\ud800 \xc3\x28"}}',
        b'{"method": "item/completed", "params": {"item": {"type": "fileChange", "changes": [3], "id": []}}}',
        b'{"method": "thread/tokenUsage/updated", "params": {"threadId": "t1", "tokenUsage": {"total": "many"}}}',
    ):  # fmt: skip
        out.write(line + b"\n")
    out.write(b'{"method": "item/completed", "params": {"item": "')
    for _ in range(64):
        out.write(b"x" * (1 << 20))
    out.write(b'"}}\n')
    out.flush()


def endless():
    sys.stdout.write('{"method": "turn/completed", "params": {"x": "' + "x" * (9 << 20) + '"}}\n')


def ask():
    options = [{"label": "integer", "description": ""}, {"label": "string", "description": ""}]
    question = {"id": "kind", "question": "Which type?", "options": options}
    say(json.dumps(asked("item/tool/requestUserInput", itemId="x", questions=[question])))
    say(
        json.dumps(
            asked("item/commandExecution/requestApproval", itemId="c1", kind="command", command="rm -r /")
        )
    )
    say(json.dumps(asked("item/permissions/requestApproval", itemId="p1")))
    say(json.dumps(asked("from/the/future")))


def flood():
    for _ in range(200):
        say("x" * 200_000)


def die():
    sys.stderr.write("out of luck\n")
    os._exit(9)


def write(**more):
    edit("model.py", "loyalty_points = 0\n", **more)


ACTS = {
    "edits": write,
    "listens": write,
    "reworks": write,
    "denied": lambda: edit("../../outside/new.txt", "owned"),
    "unannounced": lambda: write(announced=False),
    "widens": lambda: write(grantRoot="/"),
    "truncated": die,
    "spawns": child,
    "deaf": threading.Event().wait,
    "floods": flood,
    "hostile": hostile,
    "endless": endless,
    "asks": ask,
}


def handle(message):
    method, params = message.get("method"), message.get("params") or {}

    def answer(**result):
        send(id=message["id"], result=result)

    match method:
        case "initialize":
            if HOW == "dies":
                sys.stderr.write("no such thing\n")
                os._exit(7)
            answer(userAgent=f"hive/{VERSION} (Debian)")
        case "thread/start":
            THREADS.mkdir(exist_ok=True)
            (THREADS / "rollout-t1.jsonl").write_text("")
            answer(thread={"id": "t1"})
        case "thread/fork":
            assert params["threadId"] == "t1"
            use(300, 100)
            answer(thread={"id": "t1"})
        case "turn/start":
            answer(turn={"id": "u1"})
            play(params["input"][0]["text"])
        case "turn/steer":
            answer(turnId="u1")
            say(params["input"][0]["text"])
        case "turn/interrupt":
            answer()
            complete("interrupted")


while True:
    handle(receive())
