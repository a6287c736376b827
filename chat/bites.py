"""Read an answer's stored text in bounded bites, so that nobody who must wait holds more than that.

PostgreSQL counts characters and browsers count UTF-16 code units: a reader goes on from a place that it knows in both.
"""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Value
from django.db.models.functions import Length, Substr

from accounts.models import User
from chat.frames import utf16_length
from chat.models import Generation

LONGEST = 32_000  # characters


@dataclass(frozen=True, slots=True)
class Bite:
    """Some stored text from `at` (in UTF-16 code units) on, and the row as it was then, without its text."""

    generation: Generation
    at: int
    text: str
    is_last: bool

    @property
    def end(self) -> int:
        """Where the next bite begins."""
        return self.at + utf16_length(self.text)


class Reader:
    """Reads one answer of a person. What it knows of the text's places holds for one attempt: the next may rewrite."""

    def __init__(self, pk: UUID, person: User) -> None:
        self.pk, self.person = pk, person
        self.attempt = self.characters = self.units = 0

    async def read(self, told: int) -> Bite | None:
        """Return the next bite, at or before `told`; None when the answer is gone. Raises DatabaseError."""
        if told < self.units:
            self.characters = self.units = 0
        while True:
            found = await self._row()
            if found is None:
                return None
            generation, text, characters = found
            if not self.characters or generation.attempt == self.attempt:
                break
            self.characters = self.units = 0
        self.attempt = generation.attempt
        return Bite(generation, self.units, text, self.characters + len(text) >= characters)

    def go_on(self, bite: Bite) -> None:
        """The bite is told: read behind it."""
        self.characters, self.units = self.characters + len(bite.text), bite.end

    async def _row(self) -> tuple[Generation, str, int] | None:
        """Return the row without its text, the bite, and how many characters the whole text has."""
        found = (
            Generation.objects.of(self.person)
            .select_related("message", "deployment")
            .defer("message__text")
            .annotate(
                bite=Substr("message__text", Value(self.characters + 1), Value(LONGEST)),
                characters=Length("message__text"),
            )
        )
        row = await found.filter(pk=self.pk).afirst()
        return None if row is None else (row, row.bite, row.characters)
