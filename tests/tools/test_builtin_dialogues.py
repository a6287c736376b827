"""The dialogues that the built-in model learns from: the same for a seed, complete, right and honest."""

import re
from collections.abc import Iterator
from itertools import islice

import pytest

from tools.builtin_model.dialogues import Dialogue, dialogues
from tools.builtin_model.facts import DECLINE_MUST, FACTS, SKILLS, skills_sentence

SUM = re.compile(r"(\d+) ([+-]) (\d+) = (-?\d+)")


def some(number: int, seed: int = 7) -> list[Dialogue]:
    return list(islice(dialogues(seed), number))


def single(kind: str, number: int = 20_000) -> Iterator[tuple[str, str]]:
    """Yield the turns of dialogues that hold nothing but one turn of the kind."""
    return (each.turns[0] for each in some(number) if each.kind == kind and len(each.turns) == 1)


def test_the_same_seed_writes_the_same_dialogues() -> None:
    assert some(300) == some(300)
    assert some(300) != some(300, seed=8)


def test_every_topic_and_every_skill_occurs() -> None:
    kinds = {each.kind for each in some(20_000)}
    assert set(FACTS) <= kinds
    assert {f"skill.{name}" for name in SKILLS} <= kinds
    assert {"unknown", "markdown.table", "smalltalk.hello", "followup.why"} <= kinds


def test_answers_of_a_topic_state_its_fact() -> None:
    told = [each for each in some(20_000) if each.kind in FACTS]
    assert all(FACTS[each.kind].holds(each.turns[-1][1]) for each in told)


def test_an_answer_states_no_other_fact() -> None:
    strange = [
        (fact.topic, other.topic)
        for fact in FACTS.values()
        for answer in fact.answers
        for other in FACTS.values()
        if other is not fact and other.holds(answer)
    ]
    assert strange == []


@pytest.mark.skipif("add" not in SKILLS, reason="the model does not claim it")
def test_sums_are_right() -> None:
    sums = [found for _, answer in turns() if (found := SUM.fullmatch(answer))]
    assert len(sums) > 1000
    for found in sums:
        a, sign, b, result = found.groups()
        assert int(result) == (int(a) + int(b) if sign == "+" else int(a) - int(b))


@pytest.mark.skipif("sort" not in SKILLS, reason="the model does not claim it")
def test_sorted_numbers_hold_what_was_asked_in_order() -> None:
    for question, answer in single("skill.sort"):
        numbers = [int(n) for n in re.findall(r"\d+", answer)]
        assert sorted(numbers) == sorted(int(n) for n in re.findall(r"\d+", question))
        assert numbers in (sorted(numbers), sorted(numbers, reverse=True))


@pytest.mark.skipif("reverse" not in SKILLS, reason="the model does not claim it")
def test_words_spelled_backwards_are_the_words_turned_round() -> None:
    for question, answer in single("skill.reverse"):
        forwards, back = re.fullmatch(r"(\S+) backwards is (\S+)\.", answer.replace(" ", " ")).groups()  # type: ignore[union-attr]
        assert forwards == back[::-1]
        assert forwards.replace("-", "") in question.lower()


@pytest.mark.slow
def test_what_is_unknown_is_declined() -> None:
    assert all(re.search(DECLINE_MUST, answer) for _, answer in single("unknown"))


def test_no_answer_claims_a_skill_that_is_not_listed() -> None:
    claims = {answer for _, answer in turns() if answer.startswith("I can explain Hearth")}
    assert claims == {f"I can explain Hearth, {skills_sentence()}."}
    assert all(phrase in skills_sentence() for phrase in SKILLS.values())


def test_questions_are_plain_text_without_places_left_open() -> None:
    assert not [question for question, _ in turns() if re.search(r"[\[\]{}<>]|\|", question)]


def turns() -> Iterator[tuple[str, str]]:
    return (turn for each in some(20_000) for turn in each.turns)
