"""Small templates: `[a|b|]` chooses one of the alternatives, `<name>` a word of the table `SLOTS`; both may nest."""

import re
from dataclasses import dataclass
from random import Random

from tools.builtin_model.dialogues.words import SLOTS
from tools.builtin_model.dialogues.world_words import WORLD

_INNERMOST = re.compile(r"\[([^\[\]]*)\]|<(\w+)>")
_CHOICES = {name: tuple(words.split("|")) for name, words in (SLOTS | WORLD).items()}


@dataclass(frozen=True, slots=True)
class Wordings:
    """Templates with which people ask for one topic.

    `things` are noun phrases ("the stop button"), `acts` verbs with their objects ("stop an answer"), `says` whole
    clauses ("an answer can be stopped"), all three for the shared frames; `asks` are complete questions.
    """

    things: tuple[str, ...]
    acts: tuple[str, ...]
    says: tuple[str, ...]
    asks: tuple[str, ...]


def wordings(*, things: str = "", acts: str = "", says: str = "", asks: str = "") -> Wordings:
    """Build wordings from texts with one template a line."""
    return Wordings(lines(things), lines(acts), lines(says), lines(asks))


def lines(text: str) -> tuple[str, ...]:
    """Return the lines of a text that hold anything."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def expand(template: str, rng: Random) -> str:
    """Return the template with every choice made, with single spaces."""

    def choose(found: re.Match[str]) -> str:
        chosen: str = rng.choice(_CHOICES[found[2]] if found[2] else found[1].split("|"))
        return chosen

    while "[" in template or "<" in template:
        template = _INNERMOST.sub(choose, template)
    return " ".join(template.split())
