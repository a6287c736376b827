"""Inputs for each skill that training never saw, asked in wordings written here by hand."""

from collections.abc import Callable, Iterator
from itertools import count, islice
from random import Random

from tools.builtin_model.split import held_out

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WORDS = """
anchor apple autumn badge basket beach bread bridge button camera candle carpet castle cherry circle cloud coffee copper
corner cotton dinner dragon eagle engine fabric family farmer feather finger flower forest garden ginger glass guitar
hammer harbour helmet honey island jacket kitchen ladder lantern lemon letter lion magnet market meadow mirror morning
mountain needle number ocean office onion orange paper parrot pencil pepper picture pillow planet pocket potato rabbit
river rocket saddle school shadow silver spider spring station stone summer table temple ticket tiger timber tomato
tower train tunnel turtle valley velvet village violin wagon window winter yellow account address answer arrow artist
balance balloon banana barrel battery beetle bicycle blanket border bottle branch breakfast brother bucket budget butter
cabin cable cactus calendar canal canyon captain cattle ceiling chair chapter cheese chicken chimney church clock closet
clover coast compass cookie cousin cradle crayon cricket crystal cupboard curtain cushion daisy daughter desert diamond
doctor dolphin donkey drawer dream driver elbow elephant emerald evening falcon fence field fiddle flame folder fountain
friend galaxy gallery garlic gate giant giraffe glacier glove goose granite grape gravel hallway hamster hazel hedge
heron hiking history hotel hunter icicle insect iron ivory jewel journey jungle kettle kitten knight lagoon laptop
leather lemonade library lizard lobster machine maple marble meeting melon message metal minute monkey monster mosaic
museum napkin nephew nickel notebook oyster paddle painter palace panda pasture peacock penguin people piano pigeon
pirate plaster plum pond powder printer puzzle python queen rainbow raven report ribbon salad salmon sandal scarf
season secret sheep shelter signal sister sketch snow soldier sparrow sponge square stable statue street sugar sunset
swallow teacher tennis thunder toast tractor traffic trumpet tulip umbrella uncle vacuum vessel walnut weather whale
wheel willow wizard wolf wooden writer zebra
"""
CAPITALS = {
    "France": "Paris", "Germany": "Berlin", "Italy": "Rome", "Spain": "Madrid", "Portugal": "Lisbon",
    "Poland": "Warsaw", "Austria": "Vienna", "Greece": "Athens", "Norway": "Oslo", "Sweden": "Stockholm",
    "Finland": "Helsinki", "Denmark": "Copenhagen", "Ireland": "Dublin", "Hungary": "Budapest", "Belgium": "Brussels",
    "Japan": "Tokyo", "China": "Beijing", "India": "New Delhi", "Egypt": "Cairo", "Canada": "Ottawa",
    "Russia": "Moscow", "Turkey": "Ankara", "Argentina": "Buenos Aires", "Cuba": "Havana", "Kenya": "Nairobi",
}  # fmt: skip

Case = tuple[str, str]  # a question, and what its answer must contain


def _number(value: int) -> str:
    return rf"(?<!\d){value}(?!\d)(?!.*\d)"  # the last number in the answer


def _add(random: Random) -> Iterator[Case]:
    asks = ("what is {} + {}?", "{}+{}", "how much is {} plus {}", "Please add {} and {}.")
    while True:
        a, b = random.randrange(100), random.randrange(100)
        if held_out("add", a, b):
            yield random.choice(asks).format(a, b), _number(a + b)


def _subtract(random: Random) -> Iterator[Case]:
    asks = ("what is {} - {}?", "{}-{}", "how much is {} minus {}")
    while True:
        b, a = sorted((random.randrange(100), random.randrange(100)))
        if held_out("subtract", a, b):
            yield random.choice(asks).format(a, b), _number(a - b)


def _sort(random: Random) -> Iterator[Case]:
    asks = ("sort {}", "Please sort these numbers: {}", "put {} in order")
    while True:
        numbers = random.sample(range(100), random.choice((3, 4, 5)))
        if held_out("sort", *numbers):
            listed = ", ".join(map(str, numbers))
            yield random.choice(asks).format(listed), r"\D+".join(map(str, sorted(numbers))) + r"(?!.*\d)"


def _words(
    kind: str, asks: tuple[str, ...], right: Callable[[str], str], given: Callable[[str], str] = str
) -> Callable[[Random], Iterator[Case]]:
    def cases(random: Random) -> Iterator[Case]:
        for word in random.sample(WORDS.split(), WORDS.count(" ")):
            if held_out(kind, word):
                yield random.choice(asks).format(given(word)), rf"(?-i:\b{right(word)}\b)"

    return cases


def _backwards(word: str) -> str:
    return word[::-1]


def _count(random: Random) -> Iterator[Case]:
    asks = ("count to {}", "can you count up to {}?", "count from 1 to {} please")
    for last in random.sample(range(3, 21), 18):
        numbers = r"\D+".join(str(number) for number in range(1, last + 1))
        yield random.choice(asks).format(last), rf"(?<!\d){numbers}(?!.*\d)"


def _weekday(random: Random) -> Iterator[Case]:
    asks = (("which day comes after {}?", 1), ("what day is before {}", -1), ("what comes after {}", 1))
    for number in count():
        at = number % len(DAYS)
        ask, step = random.choice(asks)
        right = DAYS[(at + step) % len(DAYS)]
        yield ask.format(DAYS[at]), right


def _capital(random: Random) -> Iterator[Case]:
    asks = ("what is the capital of {}?", "capital of {}", "Which city is the capital of {}?")
    for country, city in random.sample(sorted(CAPITALS.items()), len(CAPITALS)):
        yield random.choice(asks).format(country), city


SKILLS: dict[str, Callable[[Random], Iterator[Case]]] = {
    "add": _add,
    "subtract": _subtract,
    "sort": _sort,
    "count": _count,
    "weekday": _weekday,
    "capital": _capital,
    "upper": _words("upper", ("write {} in upper case", "{} in capital letters please"), str.upper),
    "lower": _words("lower", ("write {} in lower case", "{} in small letters please"), str.lower, str.upper),
    "reverse": _words("reverse", ("write {} backwards", "reverse the word {}"), _backwards),
}


def cases(skill: str, most: int = 40, seed: int = 7) -> list[Case]:
    """Return up to `most` questions for a skill, each with what its answer must match."""
    return list(islice(SKILLS[skill](Random(f"{skill} {seed}")), most))
