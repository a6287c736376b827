"""Guesses the next tokens from what stands in the conversation already: no draft model, no cost when it fails. Pure."""

from dataclasses import dataclass, field

GRAM = 3  # so many last tokens must have stood together before
MOST = 8  # tokens guessed at once
TRIES = 6  # guesses before luck is judged
WORTH = 0.3  # share of guessed tokens that must come true
PAUSE = 32  # tokens without guesses after bad luck


@dataclass(slots=True)
class Lookup:
    """Remembers where each run of GRAM tokens last stood."""

    tokens: list[int] = field(default_factory=list)
    places: dict[tuple[int, ...], int] = field(default_factory=dict)
    guessed: int = 0
    met: int = 0
    tries: int = 0
    rest_until: int = 0

    def add(self, tokens: list[int]) -> None:
        """Tokens follow those before them."""
        for token in tokens:
            self.tokens.append(token)
            # What ends with the newest token has no successor yet: the run before it has.
            if len(self.tokens) > GRAM:
                self.places[tuple(self.tokens[-GRAM - 1 : -1])] = len(self.tokens) - 1

    def guess(self, most: int = MOST) -> list[int]:
        """Return what stood behind the last tokens the last time, or nothing."""
        if len(self.tokens) < self.rest_until or len(self.tokens) < GRAM or most <= 0:
            return []
        at = self.places.get(tuple(self.tokens[-GRAM:]))
        return [] if at is None else self.tokens[at : at + most]

    def learn(self, guessed: int, met: int) -> None:
        """So many were guessed and so many of them came true. Bad luck pauses the guessing."""
        self.guessed += guessed
        self.met += met
        self.tries += 1
        if self.tries >= TRIES:
            if self.met < WORTH * self.guessed:
                self.rest_until = len(self.tokens) + PAUSE
            self.tries = self.guessed = self.met = 0
