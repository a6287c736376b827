"""From turns to the tokens that are read: counted beforehand, and cut where they do not fit."""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from models_admin.engine.protocol import Request, Turn
from models_admin.engine.template import ChatTemplate
from models_admin.engine.vocabulary import Vocabulary

Said = Mapping[str, list[int]]
NOTHING_SAID: Said = {}
LONGEST_TOKEN = 32  # bytes; hardly any is longer, so a history of more bytes a token surely does not fit


class TooLong(Exception):
    """The system prompt and the last question alone do not fit; the message says the numbers."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """The tokens to read, how many of the oldest turns were left out, and how many first tokens are nobody's words.

    The `shared` ones are the template's own and the deployment's system prompt: the same for every conversation.
    """

    tokens: list[int]
    left_out: int
    shared: int = 0


Read = Callable[[Sequence[Turn]], Prompt]


class Writer:
    """Writes prompts for one model."""

    def __init__(self, template: ChatTemplate, vocabulary: Vocabulary) -> None:
        self.template = template
        self.vocabulary = vocabulary

    def tokens_of(self, turns: Sequence[Turn], said: Said = NOTHING_SAID) -> list[int]:
        """Return the prompt's tokens."""
        return self.read(turns, said).tokens

    def read(self, turns: Sequence[Turn], said: Said = NOTHING_SAID) -> Prompt:
        """Return the prompt of these turns.

        What people wrote is read as text: a control token typed by them is no control.

        The turns' texts are replaced by marks that no text contains, the template is rendered, and texts and template
        are tokenised apart. Answers that were `said` in this slot keep the tokens that they were said in.
        """
        nonce = secrets.token_hex(8)
        marks = {f"\x02{nonce}.{n}\x03": turn.text for n, turn in enumerate(turns)}
        rendered = self.template.render([Turn(turn.role, mark) for turn, mark in zip(turns, marks, strict=True)])
        system = turns[0].text if turns and turns[0].role == "system" else None
        tokens: list[int] = []
        shared: int | None = None
        for text, is_text in _parts(rendered, marks):
            if is_text and shared is None and text != system:
                shared = len(tokens)
            known = said.get(text) if is_text else None
            tokens += known or self.vocabulary.tokens(text, special=not is_text)
        if self.vocabulary.adds_bos and tokens[:1] != [self.vocabulary.bos_token]:
            tokens.insert(0, self.vocabulary.bos_token)
            shared = shared and shared + 1
        return Prompt(tokens, 0, shared or 0)

    def write(self, request: Request, *, room: int, said: Said = NOTHING_SAID) -> Prompt:
        """Return a prompt of at most `room` tokens. Raises TooLong."""
        turns, left_out = latest(request.turns, most=room * LONGEST_TOKEN)
        # Each text is tokenised once, however many cuts of the conversation are tried: running answers wait meanwhile.
        known = {text: self.vocabulary.tokens(text, special=False) for text in {turn.text for turn in turns}}
        prompt = fit(turns, partial(self.read, said={**known, **said}), room=room)
        prompt = replace(prompt, left_out=prompt.left_out + left_out)
        if not request.prefix:
            return prompt
        return replace(prompt, tokens=prompt.tokens + self.vocabulary.tokens(request.prefix, special=False))


def _parts(rendered: str, marks: dict[str, str]) -> list[tuple[str, bool]]:
    """Split a rendered template into its own text and the people's, in order."""
    parts: list[tuple[str, bool]] = []
    rest = rendered
    for mark, text in marks.items():
        before, found, rest_after = rest.partition(mark)
        if not found:
            continue  # a template may leave a turn out
        parts += [(before, False), (text, True)]
        rest = rest_after
    return [part for part in [*parts, (rest, False)] if part[0]]


def latest(turns: Sequence[Turn], *, most: int) -> tuple[Sequence[Turn], int]:
    """Return the last turns of at most `most` bytes, from a question on, the system turn and the last question always.

    And how many turns were left out.
    """
    system = 1 if turns and turns[0].role == "system" else 0
    starts = [n for n, turn in enumerate(turns) if turn.role == "user" and n >= system] or [system]
    used, start = 0, starts[-1]
    for n in range(len(turns) - 1, system - 1, -1):
        used += len(turns[n].text.encode("utf-8", errors="replace"))
        if used > most:
            break
        if n in starts:
            start = n
    return (turns, 0) if start <= starts[0] else ([*turns[:system], *turns[start:]], start - system)


def fit(turns: Sequence[Turn], read: Read, *, room: int) -> Prompt:
    """Return the longest end of the conversation that fits, the system turn always kept. Raises TooLong."""
    system = [turn for turn in turns[:1] if turn.role == "system"]
    said = list(turns[len(system) :])
    starts = [n for n, turn in enumerate(said) if turn.role == "user"] or [0]
    whole = read(turns)
    if len(whole.tokens) <= room:
        return whole
    low, high = 0, len(starts) - 1  # cutting at a later question never makes it longer
    best: Prompt | None = None
    while low <= high:
        middle = (low + high) // 2
        shorter = read([*system, *said[starts[middle] :]])
        if len(shorter.tokens) <= room:
            best, high = replace(shorter, left_out=starts[middle]), middle - 1
        else:
            low = middle + 1
    if best is None:
        last = len(read([*system, *said[starts[-1] :]]).tokens)
        raise TooLong(f"The question has {last:,} tokens; this model reads at most {room:,}.")
    return best
