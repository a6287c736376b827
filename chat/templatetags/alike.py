"""What is the same in every turn of a chat but for the turn's id is rendered once a page: 500 turns would take long."""

from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from django import template
from django.template.base import FilterExpression, Node, NodeList, Parser, Token
from django.template.context import Context

register = template.Library()
MESSAGE, ANSWER = uuid4(), uuid4()  # stand where the ids of a turn will: nothing else on a page is like them


class NotAlike(Exception):
    """A block uses more of its turn than ids. A test that renders it says so."""


class StandIn(SimpleNamespace):
    """A message or an answer of which nothing is known but its id and what is named."""

    def __getattr__(self, name: str) -> Any:
        raise NotAlike(f"{name} may differ from turn to turn: it cannot stand inside {{% alike %}}.")


class Alike(Node):
    """Its content as the first turn of this kind had it, with the ids of this turn."""

    def __init__(self, kinds: list[FilterExpression], content: NodeList) -> None:
        self.kinds, self.nodelist = kinds, content

    def render(self, context: Context) -> str:
        row, answer, request = context["row"], context.get("generation"), getattr(context, "request", None)
        if request is None:
            return self.nodelist.render(context)
        made = request.__dict__.setdefault("_alike", {})
        kind = (self, answer and answer.deployment_id, *(bool(each.resolve(context)) for each in self.kinds))
        if kind not in made:
            made[kind] = self._first(context, answer)
        text: str = made[kind].replace(str(MESSAGE), str(row.message.pk))
        return text.replace(str(ANSWER), str(answer.pk)) if answer else text

    def _first(self, context: Context, answer: Any) -> str:
        row = StandIn(message=StandIn(pk=MESSAGE, feedback=None))
        stands = answer and StandIn(pk=ANSWER, deployment_id=answer.deployment_id)
        with context.push(row=row, message=row.message, generation=stands):
            return self.nodelist.render(context)


@register.tag
def alike(parser: Parser, token: Token) -> Alike:
    """{% alike paired %} … {% endalike %}: turns for which `paired` is true are of one kind, the others of another."""
    kinds = [parser.compile_filter(bit) for bit in token.split_contents()[1:]]
    content = parser.parse(("endalike",))
    parser.delete_first_token()
    return Alike(kinds, content)
