"""The small skills: what is asked, and the right answer by computation."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from tools.builtin_model.dialogues.grammar import expand, lines
from tools.builtin_model.dialogues.noise import typed
from tools.builtin_model.dialogues.vocabulary import CAPITALS, DAYS, word


@dataclass(frozen=True, slots=True)
class Task:
    """One exercise: templates for the question with places in braces, what fills them, and the answer."""

    asks: tuple[str, ...]
    fill: dict[str, str]
    answer: str

    def turn(self, rng: Random) -> tuple[str, str]:
        """Return question and answer."""
        text = typed(expand(rng.choice(self.asks), rng), rng)
        for name, value in self.fill.items():
            text = text.replace(f"{{{name}}}", value)
        return text, self.answer


ADD = lines("""
{a} + {b}
{a}+{b}
{a}+{b}=
{a} + {b} =
what is {a} + {b}
what is {a}+{b}
what is {a} plus {b}
{a} plus {b}
{a} and {b} together
how much is {a} [plus|+|and] {b}
how much are {a} and {b}
what do you get [if|when] you add {a} and {b}
what does {a} plus {b} [make|equal|give]
what's {a} [added to|plus|and] {b}
[calculate|compute|solve|add up|work out] {a} + {b}
[add|sum up|sum|total] {a} and {b}
[add|sum] {a}, {b}
[can you|could you|please] [add|sum up] {a} and {b}
[the|what is the|give me the|find the|tell me the] sum of {a} and {b}
[the|what is the] total of {a} and {b}
I have {a} [apples|euros|books] and get {b} more, how many [do I have|are there|is that]
what makes {a} and {b}
result of {a} + {b}
do you know what {a} plus {b} is
""")
SUBTRACT = lines("""
{a} - {b}
{a}-{b}
{a}-{b}=
{a} - {b} =
what is {a} - {b}
what is {a}-{b}
what is {a} minus {b}
{a} minus {b}
{a} less {b}
{a} take away {b}
how much is {a} [minus|-|less] {b}
what does {a} minus {b} [make|equal|give]
[calculate|compute|solve|work out] {a} - {b}
[subtract|take|take away|deduct] {b} from {a}
[can you|could you|please] subtract {b} from {a}
what do you get [if|when] you [subtract|take] {b} from {a}
[the|what is the|give me the|find the] difference [between|of] {a} and {b}
what is left [if|when] [I|you] take {b} from {a}
I have {a} [apples|euros|books] and [give away|lose|eat|spend] {b}, how many [are left|remain|do I still have]
result of {a} - {b}
do you know what {a} minus {b} is
""")
_SORT = lines("""
sort {x}
sort: {x}
[please|can you|could you] sort {x}
sort [these|the|the following|my] numbers: {x}
[sort|order|arrange|rank] [the numbers|these numbers|] {x} [from small to large|in ascending order|by size|upwards|]
put {x} in [order|the right order|ascending order]
put [these|the] numbers in order: {x}
[bring|get] {x} into order
what is {x} in [order|ascending order|the right order|sorted order]
{x} sorted
{x}, [sorted|in order|sort them|please sort]
which order have {x}
[order|arrange] {x} [from smallest to largest|from low to high]
""")
_SORT_DOWN = lines("""
sort {x} [from large to small|in descending order|downwards|descending|from high to low|backwards]
sort [these|the] numbers [from large to small|in descending order|descending]: {x}
[order|arrange|put] {x} [from largest to smallest|in descending order|from high to low]
{x} in descending order
""")
COUNT_TO = lines("""
count to {n}
count up to {n}
count from 1 to {n}
count from one to {n}
[can|could] you count to {n}
please count to {n}
[tell|give|show] me the numbers [up|from 1] to {n}
the numbers from 1 to {n}
list the numbers [up|from 1] to {n}
numbers 1 to {n}
I want you to count to {n}
start counting [up|] to {n}
""")
_COUNT_FROM = lines("""
count from {a} to {b}
please count from {a} to {b}
[can|could] you count from {a} to {b}
[list|give me|tell me] the numbers [from|between] {a} [to|and] {b}
the numbers from {a} to {b}
""")
COUNT_DOWN = lines("""
count [down|backwards|back] from {n}
count [down|backwards|back] from {n} to 1
[a|do a] countdown from {n}
[can|could] you count [down|backwards] from {n}
""")
AFTER = lines("""
[what|which] day [comes|is|follows] after {d}
[what|which] [weekday|day of the week] [comes|is] after {d}
the day after {d}
what [comes|is] after {d}
what is the day after {d}
which day follows {d}
what follows {d}
[if|when] today is {d}, what [day|] is tomorrow
today is {d}, what [day|] is tomorrow
next day after {d}
after {d} comes
tell me the day after {d}
""")
BEFORE = lines("""
[what|which] day [comes|is|was] before {d}
[what|which] [weekday|day of the week] [comes|is] before {d}
the day before {d}
what [comes|is] before {d}
what is the day before {d}
which day precedes {d}
[if|when] today is {d}, what [day|] was yesterday
today is {d}, what [day|] was yesterday
before {d} comes
tell me the day before {d}
""")
_LATER = lines("""
[what|which] day is {n} days after {d}
what is {n} days after {d}
{n} days after {d}
[if|when] today is {d}, [what|which] day is [it|] in {n} days
today is {d}, what day is [it|] in {n} days
[what|which] day comes {n} days after {d}
tell me the day {n} days after {d}
""")
_WEEK = lines("""
[name|list|tell me|say|give me] the [days of the week|weekdays|days of a week]
[what|which] are the [days of the week|weekdays]
how are the days of the week called
days of the week
which days does a week have
""")
CAPITAL = lines("""
what is the capital of {c}
what's the capital [city|] of {c}
the capital of {c}
capital of {c}
{c} capital
which city is the capital of {c}
what is the capital city of {c}
[name|tell me|give me|say] the capital of {c}
do you know the capital of {c}
what is {c}'s capital
what capital does {c} have
which is {c}'s capital
how is the capital of {c} called
what is the name of the capital of {c}
[can|could] you tell me the capital of {c}
I [forgot|need|want to know] the capital of {c}
{c}: capital
""")
_COUNTRY = lines("""
[which|what] country is {c} the capital of
{c} is the capital of [which|what] country
of which country is {c} the capital
which country has the capital {c}
""")
UPPER = lines("""
write {w} in [upper case|uppercase|capital letters|capitals|big letters|all caps|block letters]
{w} in [upper case|uppercase|capital letters|capitals|all caps]
[put|convert|turn|change|make|transform] {w} [into|to|in] [upper case|uppercase|capital letters|capitals]
[uppercase|upper case|capitalise|capitals]: {w}
[uppercase|upper-case] {w}
make {w} [uppercase|upper case|all caps|big]
[can you|could you|please] write {w} in [upper case|capitals|uppercase|capital letters]
what is {w} in [upper case|capital letters|uppercase|capitals]
how do you write {w} in [capital letters|upper case|capitals]
{w}, [in upper case|uppercase please|in capitals|in capital letters]
""")
_LOWER = lines("""
write {w} in [lower case|lowercase|small letters]
{w} in [lower case|lowercase|small letters]
[put|convert|turn|change|make|transform] {w} [into|to|in] [lower case|lowercase|small letters]
[lowercase|lower case|small letters]: {w}
[lowercase|lower-case] {w}
make {w} [lowercase|lower case|small]
[can you|could you|please] write {w} in [lower case|small letters|lowercase]
what is {w} in [lower case|small letters|lowercase]
how do you write {w} in [small letters|lower case]
{w}, [in lower case|lowercase please|in small letters]
""")
REVERSE = lines("""
[spell|write|say|read|type] {w} backwards
{w} backwards
{w} [spelled|written|read] backwards
reverse {w}
reverse the word {w}
reverse: {w}
[turn|put] {w} around
what is {w} [backwards|reversed|spelled backwards|in reverse]
[can you|could you|please] [reverse|spell backwards] {w}
[can you|could you|please] [write|spell|say] {w} [backwards|in reverse]
how do you [spell|write] {w} backwards
the letters of {w} [backwards|in reverse order|reversed]
{w} in reverse
""")
NUMBER_WORDS = {2: "two", 3: "three", 4: "four"}


def add(rng: Random) -> Task:
    """Two numbers up to 99 to add."""
    a, b = _number(rng), _number(rng)
    return Task(ADD, {"a": str(a), "b": str(b)}, f"{a} + {b} = {a + b}")


def subtract(rng: Random) -> Task:
    """Two numbers up to 99 to subtract, the larger one mostly first."""
    a, b = _number(rng), _number(rng)
    if a < b and rng.random() < 0.85:
        a, b = b, a
    return Task(SUBTRACT, {"a": str(a), "b": str(b)}, f"{a} - {b} = {a - b}")


def sort(rng: Random) -> Task:
    """Three to six different numbers to sort, mostly upwards."""
    numbers = rng.sample(range(100 if rng.random() < 0.8 else 20), rng.randint(3, 6))
    down = rng.random() < 0.2
    answer = ", ".join(map(str, sorted(numbers, reverse=down)))
    return Task(_SORT_DOWN if down else _SORT, {"x": _listed([str(n) for n in numbers], rng)}, answer)


def count(rng: Random) -> Task:
    """Numbers to say in their order, upwards or downwards."""
    dice = rng.random()
    if dice < 0.6:
        n = rng.randint(2, 20)
        return Task(COUNT_TO, {"n": str(n)}, span(1, n))
    if dice < 0.8:
        a = rng.randint(1, 17)
        b = rng.randint(a + 1, 20)
        return Task(_COUNT_FROM, {"a": str(a), "b": str(b)}, span(a, b))
    n = rng.randint(2, 20)
    return Task(COUNT_DOWN, {"n": str(n)}, span(n, 1))


def weekday(rng: Random) -> Task:
    """The day before or after another, or some days later."""
    i = rng.randrange(7)
    dice = rng.random()
    if dice < 0.4:
        return Task(AFTER, {"d": DAYS[i]}, f"{DAYS[(i + 1) % 7]} comes after {DAYS[i]}.")
    if dice < 0.7:
        return Task(BEFORE, {"d": DAYS[i]}, f"{DAYS[i - 1]} comes before {DAYS[i]}.")
    if dice < 0.93:
        n = rng.choice((2, 2, 3, 4))
        shown = NUMBER_WORDS[n] if rng.random() < 0.6 else str(n)
        return Task(
            _LATER, {"d": DAYS[i], "n": shown}, f"{DAYS[(i + n) % 7]} is {NUMBER_WORDS[n]} days after {DAYS[i]}."
        )
    return Task(_WEEK, {}, ", ".join(DAYS) + ".")


def capital(rng: Random) -> Task:
    """The capital of a country, or now and then the country of a capital."""
    land = rng.choice(tuple(CAPITALS))
    city = CAPITALS[land]
    if rng.random() < 0.12 and city != "London":
        return Task(_COUNTRY, {"c": city}, f"{city} is the capital of {land}.")
    shown = land.lower() if rng.random() < 0.25 else land
    return Task(CAPITAL, {"c": shown}, f"The capital of {land} is {city}.")


def upper(rng: Random) -> Task:
    """One to three words to write in upper case."""
    words = phrase(rng)
    return Task(UPPER, {"w": _quoted(words, rng)}, words.upper())


def lower(rng: Random) -> Task:
    """One to three words in capitals to write in lower case."""
    words = phrase(rng)
    shown = words.title() if rng.random() < 0.3 else words.upper()
    return Task(_LOWER, {"w": _quoted(shown, rng)}, words.lower())


def reverse(rng: Random) -> Task:
    """A short word to spell backwards; the answer spells it forwards first."""
    text = short_word(rng)
    shown = text.capitalize() if rng.random() < 0.1 else text
    return Task(REVERSE, {"w": _quoted(shown, rng)}, backwards(text))


def backwards(text: str) -> str:
    """Return the answer to "spell it backwards": letters one by one, for each is a token of its own then."""
    return f"{'-'.join(text)} backwards is {'-'.join(reversed(text))}."


def span(first: int, last: int) -> str:
    """Return the numbers from one to the other, upwards or downwards."""
    step = 1 if first <= last else -1
    return ", ".join(map(str, range(first, last + step, step)))


def short_word(rng: Random) -> str:
    """Return a word of up to eight letters."""
    while len(text := word(rng)) > 8:
        pass
    return text


def phrase(rng: Random) -> str:
    """Return one to three words."""
    return " ".join(word(rng) for _ in range(rng.choice((1, 1, 1, 2, 3))))


def _number(rng: Random) -> int:
    return rng.randint(0, 99 if rng.random() < 0.8 else 12)


def _quoted(text: str, rng: Random) -> str:
    return rng.choice(("{}", "{}", "{}", '"{}"', "'{}'", "“{}”")).format(text)


def _listed(parts: list[str], rng: Random) -> str:
    dice = rng.random()
    if dice < 0.6:
        return ", ".join(parts)
    if dice < 0.8:
        return " ".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


TASKS: dict[str, Callable[[Random], Task]] = {
    "add": add,
    "subtract": subtract,
    "sort": sort,
    "count": count,
    "weekday": weekday,
    "capital": capital,
    "upper": upper,
    "lower": lower,
    "reverse": reverse,
}
"""Makers of exercises by the id of the skill."""

WEIGHTS: dict[str, int] = {
    "add": 3,
    "subtract": 3,
    "sort": 2,
    "count": 5,
    "weekday": 4,
    "capital": 6,
    "upper": 3,
    "lower": 2,
    "reverse": 3,
}
"""How often each skill is trained."""
