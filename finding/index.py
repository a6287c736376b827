"""The words that the database keeps of messages and titles (chat's migration 0010_search), as queries ask for them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import connection, models
from django.db.models import F, Func

from finding.asking import Term

# Words are folded by the database's own function, whoever asks: the index and the question are never read differently.
WORDS = "phraseto_tsquery('simple', hearth_words(%s))"
OPEN = f"coalesce((nullif({WORDS}::text, '') || ':*')::tsquery, ''::tsquery)"


class _OfWords(Func):
    """SQL about the column `words`, which stands beside the column that is named: no model loads it with its rows."""

    template = ""

    def __init__(self, beside: str, wanted: str, **extra: Any) -> None:
        super().__init__(F(beside), **extra)
        self.wanted = wanted

    def as_sql(
        self,
        compiler: Any,
        connection: Any,
        function: str | None = None,
        template: str | None = None,
        arg_joiner: str | None = None,
        **context: Any,
    ) -> tuple[str, tuple[str | int, ...]]:
        column, values = compiler.compile(self.get_source_expressions()[0])
        table = column.rpartition(".")[0]
        return self.template.format(words=f'{table}."words"'), (*values, self.wanted)


class Said(_OfWords):
    """Whether a row has what is wanted. Beside `text` it is the message's own, beside `title` the chat's."""

    template = "{words} @@ %s::tsquery"
    output_field = models.BooleanField()
    conditional = True


class SaidHere(Said):
    """The same of rows that are few already: written so that no index is asked, which would look at everybody's."""

    template = "ts_match_vq({words}, %s::tsquery)"


class Rank(_OfWords):
    """How much of what is wanted stands how near together, the length of the text considered."""

    template = "ts_rank_cd({words}, %s::tsquery, 1)"
    output_field = models.FloatField()


def wanted(groups: Sequence[Sequence[Term]]) -> str:
    """Return what is asked as the database writes it; nothing where no word is left of it."""
    if not groups:
        return ""
    values: list[str] = []
    sql = " || ".join(_all_of(group, values) for group in groups)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT ({sql})::text", values)
        return str(cursor.fetchone()[0])


def _all_of(group: Sequence[Term], values: list[str]) -> str:
    values += [term.text.lower() for term in group]
    return "(" + " && ".join(("!!" if term.without else "") + (OPEN if term.open else WORDS) for term in group) + ")"


def of_owner(owner: UUID, wanted: str) -> str:
    """Return the same for the rows of one person, so that the index leaves out everybody else's."""
    return f"'@{owner}' & ({wanted})"
