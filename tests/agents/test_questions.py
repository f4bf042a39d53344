import asyncio

import pytest

from hive.agents.questions import Questions
from hive.model import Answer, Answered, Asked


def asked(act, seconds=30.0):
    async def play():
        questions, told = Questions(seconds), []

        async def tell(report):
            told.append(report)
            if isinstance(report, Asked):
                act(questions, report.id)

        return await questions.allowed(tell, "Bash: npm install"), told

    return asyncio.run(play())


@pytest.mark.parametrize(
    ("words", "yes"), [("allow", True), (" Allow\n", True), ("deny", False), ("yes", False), ("", False)]
)
def test_only_the_word_itself_allows(words, yes):
    allowed, told = asked(lambda questions, name: questions.answer(Answer(id=name, text=words)))
    assert allowed is yes
    assert told == [
        Asked(id="q1", about="permission", text="Bash: npm install", options=("allow", "deny")),
        Answered(id="q1", answer=words),
    ]


def test_silence_is_no():
    allowed, told = asked(lambda questions, name: None, seconds=0.01)
    assert not allowed
    assert told[-1] == Answered(id="q1", answer="no answer within 0.01 seconds")


def test_an_answer_to_nothing_and_a_second_answer_are_not_taken():
    def twice(questions, name):
        assert not questions.answer(Answer(id="q7", text="allow"))
        assert questions.answer(Answer(id=name, text="deny"))
        assert not questions.answer(Answer(id=name, text="allow"))

    assert asked(twice)[0] is False
