"""Second questions that only the turn before makes clear."""

from collections.abc import Callable
from random import Random

from tools.builtin_model.dialogues import skills
from tools.builtin_model.dialogues.grammar import expand, lines
from tools.builtin_model.dialogues.noise import dressed
from tools.builtin_model.dialogues.vocabulary import CAPITALS, DAYS
from tools.builtin_model.fact import Fact

Turns = list[tuple[str, str]]

MORE = lines("""
tell me more
tell me more [about it|about that|please]
more
more [please|details|about that|info|information]
[please|can you|could you] [tell me|say|explain] more
[can you|could you] [elaborate|go into detail|give me details|explain that further|explain that|say more about that]
[elaborate|details please|go on|anything else|what else|and|and then|and what else|what more|continue]
[is there|is that] [more|all|anything else] [to know|I should know|to say|]
[what else|anything more] [should I know|is there|can you say|do you know] [about that|about it|]
I want to know more [about it|about that|]
[explain|explain that|explain it|explain this] [further|in more detail|more|to me|]
give me more [details|information|]
interesting, tell me more
[ok|okay|good], [and what else|tell me more|more please|what else]
""")
WHY = lines("""
why
why [is that|is that so|so|that|is it so|is it like that|do you do that|is this|though|exactly|then]
[but|and|ok but|okay,|hm,|so] why
why [does it work|is it done|did you make it] [like that|that way|so]
[what is|what's] the reason [for that|for it|]
for what reason
how come
[what is|what's] [that|it] good for
what for
why [would|should] [that|it] be [so|good|useful|needed]
[can you|could you] [tell me|explain] why
explain why
tell me why
what is the [point|idea|purpose] [of that|of it|behind that|]
[because of what|wherefore|reason|the reason|why though]
I wonder why
""")
WHO = lines("""
who [can|may|could|is allowed to] [do|change|decide|see|use] [that|it|this]
[and|so|ok,|but] who [can|may|is allowed to] [do|change|decide|see] [that|it|this]
who [does|decides|changes] [that|it|this]
who [is responsible|is in charge|takes care of that|looks after that|do I ask|should I ask|can help|can help me]
[can I|may I|am I allowed to] [do|change|see] [that|it|this] [myself|too|as well]
by whom
who exactly
who then
whom do I ask [for that|]
[and|] who [has|needs] [the right|permission] [to do that|]
""")
LIST = lines("""
[as|and as|please as|now as] a [list|bullet list] [please|]
[show that as|give me that as|can I have that as|write that as|put that in] a [list|bullet list] [please|]
[make|can you make|please make|could you make] [a list|a bullet list] [of that|of it|out of that|]
[list|bullets|bullet points|in bullet points|list please|bullet points please|as bullets|as bullet points]
[turn|change|put] that into [a list|bullet points]
[list|show] [it|that] in bullet points
""")
SHORT = lines("""
[shorter|shorter please|too long|make it shorter|in short|briefly|in a few words|in one sentence|short version]
[can you|could you|please] [say that shorter|make it shorter|shorten that]
[can you|could you|please] [be brief|summarise that|say it in one sentence]
[too long, shorter please|the short version please|tl;dr|tldr|sum it up|summary please|in brief]
[say|tell me|explain] [it|that] [in one sentence|in short|shorter|briefly|in a few words]
""")
AGAIN = lines("""
[say|tell me|repeat] [that|it] again
[what|sorry, what|pardon, what] did you say
[repeat|repeat that|repeat please|please repeat|once more please|say again|can you repeat that|could you repeat that]
I did not [hear|catch|read] that
""")
THANKS = lines("""
[thanks|thank you|thx|great, thanks|ok thanks|perfect, thank you|good, thanks|many thanks|cheers|thanks a lot]
[thanks|thank you], [that helps|I see|good to know|got it|that was helpful]
""")

LINKS: tuple[tuple[str, str, str], ...] = (
    (
        "chat.stop",
        "chat.continue",
        "and how [do I go on|does it go on|do I continue it|can it continue] [then|later|after that|]",
    ),
    (
        "chat.stop",
        "chat.regenerate",
        "and how do I [get another one|let it try again|get a new one] [then|after that|]",
    ),
    ("chat.continue", "chat.stop", "and how do I stop it [again|then|]"),
    ("chat.regenerate", "chat.edit", "and if I want to change the question [first|instead|]"),
    ("chat.edit", "chat.regenerate", "and if I only want another answer"),
    ("chat.new", "chat.rename", "and how do I [name it|give it a name|rename it]"),
    ("chat.new", "delete.one", "and how do I [delete it|get rid of it|remove it] [again|]"),
    ("chat.rename", "delete.one", "and how do I [delete|remove] it"),
    ("chat.share", "chat.export", "and how do I [download it|export it|get it as a file]"),
    ("chat.export", "chat.share", "and how do I [share it|show it to a colleague]"),
    ("chat.export", "delete.one", "and how do I [delete it|remove it] [afterwards|then|]"),
    ("chat.search", "delete.one", "and how do I delete [it|what I found|one of them]"),
    ("delete.one", "delete.proof", "[and|but] is it [really|truly] gone [then|everywhere|]"),
    (
        "delete.one",
        "delete.proof",
        "[and|but] [can I prove it|how can I be sure|are all copies gone|what about the copies]",
    ),
    ("delete.one", "retention.hold", "and [under|during|with] a legal hold"),
    ("retention.what", "retention.change", "[and|] [can I|who can|how do I|can we] change that [period|rule|]"),
    (
        "retention.what",
        "retention.when",
        "[and|] [when does the time start|from when does it count|where do I see the date]",
    ),
    (
        "retention.what",
        "retention.hold",
        "[and|what] [if|about] [there is a lawsuit|a lawsuit|a legal hold|a court needs them]",
    ),
    ("retention.when", "retention.change", "[and|] [can I|who can|how do I] [make it longer|change that|extend it]"),
    ("retention.what", "temporary", "[and|what about] temporary [ones|chats]"),
    ("audit.what", "audit.verify", "[and|] how [do I|can I|can auditors|do you] [check|verify] [it|that]"),
    ("audit.verify", "audit.what", "and what [is in it|does it contain]"),
    ("audit.what", "privacy.logs", "[and|] [is my text in it|does it contain my messages|are my messages in there]"),
    ("models.add", "models.choose", "and how do I [use it|choose it|select it|switch to it] [then|in a chat|]"),
    ("models.choose", "models.which", "and how do I see [which one|who] answered [then|]"),
    ("models.choose", "models.add", "and how do [we|I] [add one|get another one|add another]"),
    ("identity.who", "identity.skills", "[and|so] what can you do"),
    ("identity.who", "identity.maker", "[and|] who [made|trained|built] you"),
    ("identity.who", "identity.not_other", "so you are not <other>"),
    ("identity.limits", "models.add", "how do [I|we] get a larger one [then|]"),
    ("identity.skills", "identity.limits", "and what can you not do"),
    ("hearth.what", "hearth.name", "and why is it called that"),
    ("hearth.what", "hearth.where_data", "and where is my data"),
    ("hearth.what", "ops.cost", "and what does it cost"),
    ("hearth.what", "ops.install", "and how do I install it"),
    ("ops.install", "ops.backup", "and how do I back it up"),
    ("ops.install", "models.add", "and how do I add a model [then|]"),
    ("privacy.admins", "audit.what", "and [is that|is it] [logged|recorded]"),
    ("hearth.where_data", "privacy.admins", "[and|but] can my <adm> read it"),
    ("hearth.where_data", "privacy.training", "and do you [train on it|learn from it|use it for training]"),
    ("account.new", "account.password", "and if I forget my password"),
    ("account.password", "account.signout", "and how do I sign out [again|]"),
    ("teams.what", "teams.admin", "and who [manages|runs] [it|one|them]"),
    ("teams.admin", "roles", "and which [other|] roles are there"),
    ("chat.queue", "chat.stop", "and can I [cancel it|stop it]"),
    ("chat.reload", "chat.crash", "and if the server [dies|crashes]"),
    ("chat.reload", "chat.phone", "and on my phone"),
    ("chat.crash", "chat.reload", "and if my browser crashes"),
    ("chat.files", "chat.export", "and can I download the chat"),
)
"""Topics whose next question leans on the one before: first topic, second topic, template."""


def about_fact(fact: Fact, question: str, rng: Random) -> tuple[str, Turns]:
    """Return the kind and the turns of a dialogue that asks on about one fact."""
    answer = fact.answers[0]
    kind, asks, reply = rng.choice(
        (
            ("followup.more", MORE, fact.more),
            ("followup.more", MORE, fact.more),
            ("followup.why", WHY, fact.why),
            ("followup.why", WHY, fact.why),
            ("followup.who", WHO, fact.who),
            ("followup.list", LIST, bullets(f"{answer} {fact.more}")),
            ("followup.short", SHORT, first_sentence(fact.answers[0])),
            ("followup.again", AGAIN, answer),
            ("followup.thanks", THANKS, "You are welcome!"),
        )
    )
    return kind, [(question, answer), (leaning(asks, rng), reply)]


def leaning(asks: tuple[str, ...], rng: Random) -> str:
    """Return one of the short second questions, lightly dressed."""
    return dressed(expand(rng.choice(asks), rng), rng)


def first_sentence(text: str) -> str:
    """Return the text up to its first full stop before a space."""
    head, dot, _ = text.partition(". ")
    return head + dot.strip()


def bullets(text: str) -> str:
    """Return the sentences of a text as a Markdown list."""
    marked = text.replace(". ", ".\n")
    return "\n".join(f"- {line}" for line in marked.split("\n"))


def after_case(rng: Random) -> tuple[str, Turns]:
    """Ask for the other case, or for the same with another word."""
    task = skills.upper(rng) if rng.random() < 0.6 else skills.lower(rng)
    shouted = task.answer.isupper()
    if rng.random() < 0.5:
        other = task.answer.lower() if shouted else task.answer.upper()
        names = "lower case|lowercase|small letters" if shouted else "upper case|uppercase|capital letters|capitals"
        ask = (f"[and|and now|now|and what about|please|] in [{names}] [please|]", f"and [{names}]")
        return f"followup.{'lower' if shouted else 'upper'}", [task.turn(rng), (leaning(ask, rng), other)]
    another = skills.phrase(rng)
    asked = leaning(ANOTHER, rng).replace("{w}", another)
    return "followup.same_case", [task.turn(rng), (asked, another.upper() if shouted else another.lower())]


ANOTHER = lines("""
and {w}
now {w}
and the word {w}
what about {w}
and [do|the same with|now with] {w}
the same with {w}
""")


def after_word(rng: Random) -> tuple[str, Turns]:
    """Write a word in capitals or backwards, then the other way round."""
    text = skills.short_word(rng)
    up = skills.Task(skills.UPPER, {"w": text}, text.upper())
    back = skills.Task(skills.REVERSE, {"w": text}, skills.backwards(text))
    if rng.random() < 0.6:
        ask = leaning(
            ("[and|and now|now|] backwards [please|]", "and [spelled|written] backwards", "and reversed"), rng
        )
        return "followup.backwards", [up.turn(rng), (ask, skills.backwards(text))]
    ask = leaning(("[and|and now|now|] in [upper case|capitals|capital letters] [please|]", "and in uppercase"), rng)
    return "followup.upper", [back.turn(rng), (ask, text.upper())]


def after_sum(rng: Random) -> tuple[str, Turns]:
    """Go on calculating with the result."""
    task = skills.add(rng)
    while int(task.answer.split("= ")[1]) > 89:
        task = skills.add(rng)
    result, n = int(task.answer.split("= ")[1]), rng.randint(1, 20)
    if rng.random() < 0.65 or n > result:
        ask, reply = "[and|now|then|] [plus|add] {n} [more|]", f"{result} + {n} = {result + n}"
    else:
        ask, reply = "[and|now|then|] [minus|subtract|take away] {n}", f"{result} - {n} = {result - n}"
    return "followup.calculate", [task.turn(rng), (leaning((ask,), rng).replace("{n}", str(n)), reply)]


def _day(at: int, step: int) -> str:
    """Return the sentence about the day after another (step 1) or before it (-1)."""
    side = "after" if step > 0 else "before"
    return f"{DAYS[(at + step) % 7]} comes {side} {DAYS[at % 7]}."


_FROM_ANSWER = {
    1: "[and|and what is|and what comes|] [the day after|the day after that|after that|then|next|after that one]",
    -1: "[and|and what is|and what comes|] [before that|the day before that|before it|the day before|before that one]",
}
_FROM_NAME = {
    1: ("[and|] [what comes|] after {d}", "and the day after {d}"),
    -1: ("[and|] [what comes|which day is|] before {d}", "and the day before {d}"),
}


def after_day(rng: Random) -> tuple[str, Turns]:
    """Ask for the day after or before the one in the answer, or for that of another day."""
    at, first, second = rng.randrange(7), rng.choice((1, -1)), rng.choice((1, -1))
    asks = skills.AFTER if first > 0 else skills.BEFORE
    said = skills.Task(asks, {"d": DAYS[at]}, _day(at, first)).turn(rng)
    if rng.random() < 0.55:
        return "followup.day", [said, (leaning((_FROM_ANSWER[second],), rng), _day(at + first, second))]
    other = rng.randrange(7)
    if rng.random() < 0.3:
        second, ask = first, leaning(("what about {d}", "and {d}"), rng)  # the same of another day
    else:
        ask = leaning(_FROM_NAME[second], rng)
    return "followup.day", [said, (ask.replace("{d}", DAYS[other]), _day(other, second))]


def after_capital(rng: Random) -> tuple[str, Turns]:
    """Ask for another country with its name alone."""
    land = rng.choice(tuple(CAPITALS))
    ask = leaning(("and [of|] {c}", "and [the capital|that] of {c}", "[what|how] about {c}", "and {c}", "{c}"), rng)
    return "followup.capital", [
        skills.capital(rng).turn(rng),
        (ask.replace("{c}", land), f"The capital of {land} is {CAPITALS[land]}."),
    ]


def after_sort(rng: Random) -> tuple[str, Turns]:
    """Ask for the other order."""
    task = skills.sort(rng)
    turned = ", ".join(reversed(task.answer.split(", ")))
    ask = "[and|now|and now|] [backwards|the other way [round|around]|in reverse|reversed|in the opposite order]"
    return "followup.order", [task.turn(rng), (leaning((ask,), rng), turned)]


def after_count(rng: Random) -> tuple[str, Turns]:
    """Ask for more numbers, or for the way back."""
    n, m = rng.randint(2, 20), rng.randint(2, 20)
    up = skills.Task(skills.COUNT_TO, {"n": str(n)}, skills.span(1, n))
    down = skills.Task(skills.COUNT_DOWN, {"n": str(n)}, skills.span(n, 1))
    dice = rng.random()
    if dice < 0.35:
        ask = leaning(("[and|now|and now|] [backwards|back|in reverse|the other way round|down]",), rng)
        return "followup.count", [up.turn(rng), (ask, skills.span(n, 1))]
    if dice < 0.5:
        ask = leaning(("[and|now|and now|] [forwards|up|upwards|the other way round|up again]",), rng)
        return "followup.count", [down.turn(rng), (ask, skills.span(1, n))]
    ask = leaning(("[and|now|and now] [up|] to {n}", "what about {n}", "and {n}"), rng).replace("{n}", str(m))
    return "followup.count", [up.turn(rng), (ask, skills.span(1, m))]


AFTER_SKILL: tuple[tuple[tuple[str, ...], Callable[[Random], tuple[str, Turns]]], ...] = (
    (("upper", "lower"), after_case),
    (("upper", "reverse"), after_word),
    (("add", "subtract"), after_sum),
    (("weekday",), after_day),
    (("capital",), after_capital),
    (("sort",), after_sort),
    (("count",), after_count),
)
"""Makers of follow-ups, with the skills that they take."""
