"""Marks the answers: which share of each kind of question is right."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from models_admin.engine.batching import BatchingEngine
from tools.builtin_model.evaluation.asking import ask_each, ask_on
from tools.builtin_model.evaluation.questions import FOLLOW_UPS, IDENTITY, PRODUCT, SKILL_FOLLOW_UPS, UNKNOWN
from tools.builtin_model.evaluation.skills import cases
from tools.builtin_model.facts import DECLINE_MUST, FACTS, SKILLS

# Topics that answer one another's questions: a denial that says what it is.
AS_GOOD = {
    "identity.limits": ("models.wrong",),
    "models.wrong": ("identity.limits",),
    "identity.human": ("identity.not_other",),
}
ALSO = {"identity.skills": r"^- count up to 20\n"}  # a list of what it can do, where a list was asked for


@dataclass(slots=True)
class Marks:
    """How many answers of one kind were right, and those that were not, as (question, answer)."""

    asked: int = 0
    right: int = 0
    wrong: list[tuple[str, str]] = field(default_factory=list)

    @property
    def share(self) -> float:
        """The share that was right, 0 to 1."""
        return self.right / self.asked if self.asked else 0.0


def _mark(marked: Iterable[tuple[str, str, bool]]) -> Marks:
    marks = Marks()
    for question, answer, right in marked:
        marks.asked += 1
        marks.right += right
        if not right:
            marks.wrong.append((question, answer))
    return marks


def _matches(pattern: str, answer: str) -> bool:
    answer = re.sub(r"(?<=\b\w)-(?=\w\b)", "", answer)  # a word spelt out letter by letter counts as the word
    return re.search(pattern, answer, re.IGNORECASE | re.DOTALL) is not None


def topics(engine: BatchingEngine, by_topic: dict[str, tuple[str, ...]]) -> Marks:
    """Ask about topics; right states the topic's fact."""
    asked = [(topic, question) for topic, questions in by_topic.items() for question in questions]
    answers = ask_each(engine, [question for _, question in asked])

    def marked() -> Iterator[tuple[str, str, bool]]:
        for (topic, question), answer in zip(asked, answers, strict=True):
            right = any(FACTS[each].holds(answer) for each in (topic, *AS_GOOD.get(topic, ())))
            right = right or (topic in ALSO and _matches(ALSO[topic], answer))
            yield f"{topic}: {question}", answer, right

    return _mark(marked())


def declines(engine: BatchingEngine) -> Marks:
    """Ask what it cannot know; right is a decline."""
    answers = ask_each(engine, UNKNOWN)
    pairs = zip(UNKNOWN, answers, strict=True)
    return _mark((question, answer, _matches(DECLINE_MUST, answer)) for question, answer in pairs)


def follow_ups(engine: BatchingEngine) -> Marks:
    """Ask twice; the second answer must fit what went before."""
    of_skills = [
        (first, second, pattern if skill in SKILLS else DECLINE_MUST)
        for skill, first, second, pattern in SKILL_FOLLOW_UPS
    ]
    asked = [*FOLLOW_UPS, *of_skills]
    answers = ask_on(engine, [(first, second) for first, second, _ in asked])
    return _mark(
        (f"{first} / {second}", f"{said[0]} / {said[1]}", _matches(pattern, said[1]))
        for (first, second, pattern), said in zip(asked, answers, strict=True)
    )


def skill(engine: BatchingEngine, name: str) -> Marks:
    """Ask a skill's held-out inputs."""
    chosen = cases(name)
    answers = ask_each(engine, [question for question, _ in chosen])
    return _mark(
        (question, answer, _matches(pattern, answer))
        for (question, pattern), answer in zip(chosen, answers, strict=True)
    )


def measure(engine: BatchingEngine) -> dict[str, Marks]:
    """Ask everything; the names are those of the table."""
    marks = {
        "product": topics(engine, PRODUCT),
        "identity": topics(engine, IDENTITY),
        "unknown": declines(engine),
        "follow-up": follow_ups(engine),
    }
    return marks | {f"skill {name}": skill(engine, name) for name in SKILLS}
