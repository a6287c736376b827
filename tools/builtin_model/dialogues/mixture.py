"""Puts dialogues together: which kinds there are, how often, and how turns follow each other."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from tools.builtin_model.dialogues import frames, skills, world
from tools.builtin_model.dialogues.followups import AFTER_SKILL, LINKS, Turns, about_fact, leaning
from tools.builtin_model.dialogues.grammar import Wordings, expand
from tools.builtin_model.dialogues.markdown import markdown
from tools.builtin_model.dialogues.noise import dressed, framed, typed
from tools.builtin_model.dialogues.smalltalk import SMALLTALK
from tools.builtin_model.dialogues.topics import TOPICS
from tools.builtin_model.dialogues.vocabulary import OTHER_COUNTRIES
from tools.builtin_model.dialogues.wild import strange, wild
from tools.builtin_model.facts import DECLINES, FACTS, SKILLS

TOO_BIG = "That is too big for me: I only add and subtract numbers up to 99."
_WORLD = Wordings(world.THINGS, world.ACTS, world.SAYS, world.ASKS)
_FOLLOWUPS = tuple(make for needs, make in AFTER_SKILL if all(need in SKILLS for need in needs))
_SKILL_WEIGHTS = tuple(skills.WEIGHTS[name] for name in skills.TASKS)
_TOPIC_WEIGHTS = {"identity": 6.0, "hearth": 1.5, "privacy": 1.2, "retention": 1.3, "delete": 1.2, "audit": 1.1}


@dataclass(frozen=True, slots=True)
class Dialogue:
    """Questions with their answers, and what the last of them is about."""

    turns: tuple[tuple[str, str], ...]
    kind: str


def dialogues(seed: int) -> Iterator[Dialogue]:
    """Yield dialogues without end; the same seed yields the same ones."""
    rng = Random(seed)
    while True:
        turns: Turns = []
        kind = ""
        # Later turns must not cling to earlier ones: now and then several subjects follow each other.
        for _ in range(rng.choices((1, 2, 3), (62, 25, 13))[0]):
            kind, more = _segment(rng)
            turns += more
        yield Dialogue(tuple(turns), kind)


def _segment(rng: Random) -> tuple[str, Turns]:
    """Return the kind and the turns of one subject."""
    make = rng.choices((_product, _unknown, _skill, _followup, _other), (42, 30, 9, 14, 5))[0]
    return make(rng)


def question(wordings: Wordings, rng: Random, *, product: bool) -> str:
    """Return a question in one of the wordings: half of them hand-made ones, the others in shared frames."""
    chances = (
        (wordings.asks, None, 50),
        (wordings.things, frames.THINGS, 17),
        (wordings.acts, frames.ACTS, 18),
        (wordings.says, frames.SAYS, 15),
    )
    usable = [chance for chance in chances if chance[0]]
    templates, around, _ = rng.choices(usable, [weight for _, _, weight in usable])[0]
    template = rng.choice(templates)
    core = framed(around, template, rng) if around else expand(template, rng)
    return typed(core, rng, product=product)


def _product(rng: Random) -> tuple[str, Turns]:
    topic = rng.choices(tuple(TOPICS), [_TOPIC_WEIGHTS.get(name.split(".")[0], 1.0) for name in TOPICS])[0]
    return topic, [_ask_topic(topic, rng)]


def _ask_topic(topic: str, rng: Random) -> tuple[str, str]:
    # Who asks a model about itself does not add "in Hearth".
    asked = question(TOPICS[topic], rng, product=topic.split(".")[0] not in ("identity", "hearth"))
    return strange(asked, rng) if rng.random() < 0.08 else asked, FACTS[topic].answers[0]


def _unknown(rng: Random) -> tuple[str, Turns]:
    dice = rng.random()
    if dice < 0.03:
        task = skills.Task(skills.CAPITAL, {"c": rng.choice(OTHER_COUNTRIES)}, DECLINES[0])
        return "unknown", [task.turn(rng)]
    if dice < 0.06:
        return "unknown", [_big_sum(rng)]
    if dice < 0.5:
        return "unknown", [(wild(rng), DECLINES[0])]
    return "unknown", [(question(_WORLD, rng, product=False), DECLINES[0])]


def _big_sum(rng: Random) -> tuple[str, str]:
    a, b = rng.randint(100, 99999), rng.randint(1, 9999)
    if rng.random() < 0.5:
        a, b = b, a
    asks = skills.ADD if rng.random() < 0.6 else skills.SUBTRACT
    return skills.Task(asks, {"a": str(a), "b": str(b)}, TOO_BIG).turn(rng)


def _skill(rng: Random) -> tuple[str, Turns]:
    """Return several exercises of one skill: they are short, and practice makes them."""
    name = rng.choices(tuple(skills.TASKS), _SKILL_WEIGHTS)[0]
    turns = [skills.TASKS[name](rng).turn(rng) for _ in range(rng.randint(1, 4))]
    if name not in SKILLS:
        return "unknown", [(asked, DECLINES[0]) for asked, _ in turns[:1]]
    return f"skill.{name}", turns


def _followup(rng: Random) -> tuple[str, Turns]:
    dice = rng.random()
    if dice < 0.45:
        topic = rng.choice(tuple(TOPICS))
        return about_fact(FACTS[topic], question(TOPICS[topic], rng, product=True), rng)
    if dice < 0.65:
        first, second, template = rng.choice(LINKS)
        return second, [_ask_topic(first, rng), (leaning((template,), rng), FACTS[second].answers[0])]
    return rng.choice(_FOLLOWUPS)(rng)


def _other(rng: Random) -> tuple[str, Turns]:
    if rng.random() < 0.5:
        kind, turn = markdown(rng)
        return kind, [turn]
    kind = rng.choice(tuple(SMALLTALK))
    asks, answers = SMALLTALK[kind]
    return kind, [(dressed(expand(rng.choice(asks), rng), rng), rng.choice(answers))]
