"""Words that nobody ever saw, spelt like English: what the model does not know must not remind it of what it does."""

import re
from collections import defaultdict
from random import Random

from tools.builtin_model.dialogues import frames, world
from tools.builtin_model.dialogues.grammar import expand, lines
from tools.builtin_model.dialogues.noise import framed, typed
from tools.builtin_model.dialogues.vocabulary import WORDS

SHORTEST, LONGEST = 4, 11  # letters

THINGS = lines("""
{w}
the {w}
a {w}
my {w}
{w} and {w}
{w} {w}
the {w} of {w}
the {w} of <place>
the best {w}
the {w} {w}
a {w} for <who>
the price of {w}
<person> and the {w}
{W} {W}
{W}
""")
ACTS = lines("""
{w} the {w}
{w} my {w}
{w} a <thing>
<verbish> [the|a|my] {w}
<verbish> the {w} of <who>
get to {W}
cook {w}
play {w}
learn {w}
""")
SAYS = lines("""
the {w} is {w}
my {w} is broken
{w} is [healthy|dangerous|expensive|important]
{W} [is dead|wrote a book|was married]
<who> {w} the {w}
""")
ASKS = lines("""
who [is|was] {W} {W}
who [is|was] {W}
who [invented|discovered|wrote|founded|painted] [the|] {w}
when [was|did] [the|] {w} {w}
where is {W}
what is {w}
what is a {w}
what is the {w} of [the|] {w}
what does {w} mean
how many {w}s are [there|in a {w}|in {W}]
how [long|big|old|far|heavy|fast] is [the|a] {w}
how do I {w} [a|the|my] {w}
how does a {w} {w}
why do {w}s {w}
why is the {w} so {w}
which {w} is the [best|largest|oldest|cheapest]
can a {w} {w}
is {w} better than {w}
what is the difference between {w} and {w}
write a {w} about {w}
write [me|] a <doc> about [the|my|] {w}
translate {w} [into <lang>|]
explain {w} to <who>
recommend a {w}
my {w} {w}s, what [should|can] I do
should I {w} my {w}
what {w} goes with {w}
tell me [a|the] {w}
give me a {w}
{w} the {w} please
""")
WITHIN = lines("""
My {w} asks:
For the {w} {w}:
About {W}:
We had {w} yesterday.
I come from {W}.
I work with {w}s.
{W} told me to ask this.
After the {w}:
""")
_PLACE = re.compile(r"\{([wW])\}")


def _known() -> frozenset[str]:
    shown = [*world.THINGS, *world.ACTS, *world.SAYS, *world.ASKS, *frames.THINGS, *frames.ACTS, *WORDS]
    return frozenset(re.findall(r"[a-z]{4,}", " ".join(shown).lower()))


def _followers(words: frozenset[str]) -> dict[str, list[str]]:
    """Return what follows each two letters in known words; a blank is a word's beginning and its end."""
    table: dict[str, list[str]] = defaultdict(list)
    for word in sorted(words):
        spelt = f"  {word} "
        for i in range(len(spelt) - 2):
            table[spelt[i : i + 2]].append(spelt[i + 2])
    return table


_KNOWN = _known()
_NEXT = _followers(_KNOWN)


def word(rng: Random) -> str:
    """Return a word that sounds like one and is none of the known ones."""
    while True:
        text = "  "
        while len(text) < LONGEST + 3 and (letter := rng.choice(_NEXT[text[-2:]])) != " ":
            text += letter
        made = text.strip()
        if SHORTEST <= len(made) <= LONGEST and made not in _KNOWN:
            return made


def filled(text: str, rng: Random) -> str:
    """Return the text with fresh words in its places: {w}, or {W} for a name."""
    return _PLACE.sub(lambda found: word(rng) if found[1] == "w" else word(rng).capitalize(), text)


def wild(rng: Random) -> str:
    """Return a question about what does not exist."""
    templates, around = rng.choice(
        ((ASKS, None), (ASKS, None), (THINGS, frames.THINGS), (ACTS, frames.ACTS), (SAYS, frames.SAYS))
    )
    template = rng.choice(templates)
    core = framed(around, template, rng) if around else expand(template, rng)
    return filled(typed(core, rng), rng)


def strange(asked: str, rng: Random) -> str:
    """Return a question behind a sentence with words that nobody knows: they alone mean nothing."""
    return f"{filled(rng.choice(WITHIN), rng)} {asked}"
