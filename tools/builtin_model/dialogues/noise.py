"""How people really type: greetings before, thanks behind, no capitals, slips of the finger, other spellings.

Text in braces is a place for content and stays as it is.
"""

import re
from collections.abc import Callable
from random import Random

from tools.builtin_model.dialogues.contexts import CONTEXTS
from tools.builtin_model.dialogues.frames import HERE, PREFIXES, SUFFIXES
from tools.builtin_model.dialogues.grammar import expand

_SWAPS: dict[str, tuple[str, ...]] = {
    "what is": ("what's", "whats"),
    "how is": ("how's",),
    "where is": ("where's", "wheres"),
    "who is": ("who's", "whos"),
    "it is": ("it's", "its"),
    "that is": ("that's", "thats"),
    "I am": ("I'm", "im", "Im"),
    "I have": ("I've",),
    "I would": ("I'd",),
    "you are": ("you're", "ur", "youre"),
    "do not": ("don't", "dont"),
    "does not": ("doesn't", "doesnt"),
    "did not": ("didn't", "didnt"),
    "is not": ("isn't", "isnt"),
    "can not": ("can't",),
    "cannot": ("can't", "cant", "can not"),
    "want to": ("wanna", "would like to"),
    "going to": ("gonna",),
    "do I": ("do i", "can I", "could I", "would I", "shall I"),
    "can I": ("could I", "may I", "can i", "am I able to"),
    "don't": ("do not", "dont"),
    "can't": ("cannot", "cant"),
    "doesn't": ("does not", "doesnt"),
    "please": ("pls", "plz"),
    "because": ("cause", "since"),
    "possible": ("feasible", "doable"),
    "happens": ("will happen", "occurs"),
    "tell me": ("let me know", "say", "explain to me"),
    "show me": ("let me see", "explain to me"),
    "where do I": ("where can I", "where should I"),
    "organisation": ("organization", "company", "firm"),
    "answer": ("response", "reply"),
    "colour": ("color",),
    "something": ("sth", "smth", "anything"),
    "someone": ("somebody", "anyone", "anybody"),
    "after": ("once", "following"),
    "and": ("&",),
    "you": ("u",),
    "are": ("r",),
    "without": ("w/o",),
    "information": ("info",),
    "my": ("my own", "our", "the"),
    "a": ("some", "one", "any"),
    "this": ("that", "the"),
    "chat": ("chat history", "convo", "conversation"),
    "chats": ("convos", "conversations", "chat logs"),
    "chatbot": ("bot", "assistant"),
    "text": ("words", "content"),
    "question": ("prompt", "request"),
    "automatically": ("by itself", "on its own"),
    "again": ("once more", "anew"),
    "permitted": ("allowed",),
    "allowed to": ("permitted to", "able to"),
    "need to": ("have to", "must", "ought to"),
    "have to": ("need to", "must"),
}
_PHRASE = re.compile(r"(?<![\w{])(" + "|".join(sorted(map(re.escape, _SWAPS), key=len, reverse=True)) + r")(?![\w'}])")
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_NEIGHBOURS = {row[i]: row[max(0, i - 1)] + row[min(len(row) - 1, i + 1)] for row in _ROWS for i in range(len(row))}
_DROPPED = frozenset({"a", "an", "the", "do", "does", "is", "to", "of", "my", "this"})
_ENDS = ("?",) * 12 + ("",) * 7 + (".",) * 2 + ("!", "??", " ?", "...", "?!", "!?")


def typed(core: str, rng: Random, *, product: bool = False) -> str:
    """Return a question as somebody might type it; `product` allows "in Hearth" and the like behind it."""
    text = _PHRASE.sub(lambda found: _swap(found[1], rng), core)
    if rng.random() < 0.05:
        text = _telegraphic(text, rng)
    if product and rng.random() < 0.1:
        text = f"{text} {rng.choice(HERE)}"
    if rng.random() < 0.13:
        text = f"{text}{rng.choice((',', '', ''))} {rng.choice(SUFFIXES)}"
    if rng.random() < 0.2:
        text = f"{rng.choice(PREFIXES)} {text}"
    for chance in (0.13, 0.3):
        if rng.random() >= chance:
            break
        text = _slip(text, rng)
    text = dressed(text, rng)
    if rng.random() < 0.07:
        text = f"{dressed_context(rng)} {text}"
    return text


def dressed_context(rng: Random) -> str:
    """Return a sentence that says nothing about the question behind it."""
    context = expand(rng.choice(CONTEXTS), rng)
    return context if rng.random() < 0.7 else context.lower()


def dressed(text: str, rng: Random) -> str:
    """Return the text with some capitals and some end."""
    text += "" if text[-1] in "?!." else rng.choice(_ENDS)
    dice = rng.random()
    if dice < 0.55:
        return text[0].upper() + text[1:]
    if dice < 0.85:
        return _outside(text, str.lower)
    return _outside(text, str.upper) if dice < 0.865 else text


def framed(frames: tuple[str, ...], template: str, rng: Random) -> str:
    """Return the template inside one of the frames."""
    return expand(rng.choice(frames).replace("{x}", template), rng)


def _swap(phrase: str, rng: Random) -> str:
    # Short words are everywhere: they change less often.
    chance = 0.3 if len(phrase) > 4 else 0.06
    return rng.choice(_SWAPS[phrase]) if rng.random() < chance else phrase


def _telegraphic(text: str, rng: Random) -> str:
    kept = [word for word in text.split() if word not in _DROPPED or rng.random() < 0.3]
    return " ".join(kept) if len(kept) > 1 else text


def _slip(text: str, rng: Random) -> str:
    words = text.split(" ")
    places = [i for i, word in enumerate(words) if len(word) > 3 and word.isalpha()]
    if not places:
        return text
    place = rng.choice(places)
    words[place] = _misspelt(words[place], rng)
    return " ".join(words)


def _misspelt(word: str, rng: Random) -> str:
    i = rng.randrange(1, len(word) - 1)
    match rng.randrange(4):
        case 0:
            return word[:i] + word[i + 1] + word[i] + word[i + 2 :]
        case 1:
            return word[:i] + word[i + 1 :]
        case 2:
            return word[:i] + word[i] + word[i:]
    return word[:i] + rng.choice(_NEIGHBOURS.get(word[i].lower(), word[i])) + word[i + 1 :]


def _outside(text: str, change: Callable[[str], str]) -> str:
    return "".join(part if part.startswith("{") else change(part) for part in re.split(r"(\{\w+\})", text))
