"""What an empty chat offers: prompts that somebody has marked for it, else a few that fit everybody."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import User
from prompts.queries import starters_of


@dataclass(frozen=True, slots=True)
class Starter:
    """A card: what it is called, and what it puts into the box. `{{ … }}` is asked for first."""

    title: str
    text: str


def starters(user: User) -> Sequence[Starter]:
    """Return the cards for this person's empty chat."""
    return [Starter(prompt.title, prompt.text) for prompt in starters_of(user)] or _for_everybody()


def _for_everybody() -> list[Starter]:
    """Return cards in the reader's language. Names in braces are names: they are not translated word by word."""
    return [
        Starter(
            _("Summarise a text"),
            _("Summarise this text in {{ length | three sentences, five bullet points, half a page }}:\n\n{{ text }}"),
        ),
        Starter(
            _("Improve what I wrote"),
            _("Improve this text. Keep its meaning and its tone, and list what you changed:\n\n{{ text }}"),
        ),
        Starter(
            _("Explain something"),
            _("Explain {{ subject }} to somebody who {{ reader | knows nothing about it, works with it every day }}."),
        ),
        Starter(
            _("Draft a message"),
            _("Draft a {{ tone | friendly, formal, short }} message to {{ recipient }}. It says: {{ content }}"),
        ),
    ]
