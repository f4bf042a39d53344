"""Claude Code's own questions, put to a person."""

from collections.abc import Mapping
from typing import Any

from hive.agents.questions import Questions
from hive.agents.telling import Tell

MOST_QUESTIONS = 4
NO_ANSWER = "(no answer: decide yourself)"


async def answered(given: Mapping[str, Any], questions: Questions, tell: Tell) -> dict[str, Any]:
    """The tool's input with the person's answers in it, one question after the other."""
    asked = given.get("questions")
    answers: dict[str, str] = {}
    for each in (asked if isinstance(asked, list) else [])[:MOST_QUESTIONS]:
        if not isinstance(each, dict):
            continue
        text = str(each.get("question", ""))
        options = each.get("options")
        labels = tuple(
            str(option.get("label", ""))[:200]
            for option in (options if isinstance(options, list) else [])[:10]
            if isinstance(option, dict)
        )
        answers[text] = await questions.ask(tell, "question", text, labels) or NO_ANSWER
    return {**given, "answers": answers}
