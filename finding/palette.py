"""What the palette offers: chats, models, and the places that a person may go to. A constant number of queries."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.authority import Standing
from accounts.models import User
from accounts.offices import Sign
from chat.models import Conversation
from finding.asking import Term
from finding.index import SaidHere, wanted
from models_admin.queries import allowed_to

CHATS = 12
PLACES = (
    (gettext_lazy("New chat"), "chat:home", "", "Ctrl+Shift+O"),
    (gettext_lazy("New temporary chat"), "chat:home", "?temporary=on", ""),
    (gettext_lazy("Search all chats"), "finding:search", "", ""),
    (gettext_lazy("Shared chats"), "sharing:with_me", "", ""),
    (gettext_lazy("Prompts"), "prompts:library", "", ""),
    (gettext_lazy("Import and export chats"), "moving:home", "", ""),
    (gettext_lazy("Chats that go soon"), "chat:going", "", ""),
    (gettext_lazy("Your profile"), "accounts:you", "", ""),
    (gettext_lazy("Your data"), "you:data", "", ""),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: what it says, where it leads, a word on the right."""

    label: str
    address: str
    note: str = ""


def chats(user: User, text: str) -> list[Entry]:
    """Return the person's chats whose titles have these words, each may go on; without words the latest."""
    rows = Conversation.objects.of(user).order_by("-last_activity_at")
    said = text.split()
    if said:
        words = wanted([[Term(word, open=True) for word in said]])
        if not words:
            return []
        rows = rows.filter(SaidHere("title", words))
    found = rows.only("pk", "title", "pinned", "archived_at")[:CHATS]
    return [Entry(chat.title or _("New chat"), chat.get_absolute_url(), _mark(chat)) for chat in found]


def _mark(chat: Conversation) -> str:
    if chat.archived_at:
        return _("archived")
    return _("pinned") if chat.pinned else ""


def models(standing: Standing) -> list[Entry]:
    """Return the models that this person may ask, each to begin a chat with."""
    rows = allowed_to(standing).filter(enabled=True).select_related("endpoint")
    home = reverse("chat:home")
    return [
        Entry(_("Ask %(model)s") % {"model": row.name}, f"{home}?model={row.pk}", _("outside") if row.leaves else "")
        for row in rows
    ]


def places() -> list[Entry]:
    """Return where everybody may go."""
    return [Entry(str(label), address + more, keys) for label, door, more, keys in PLACES if (address := _to(door))]


def _to(door: str) -> str:
    try:
        return reverse(door)
    except NoReverseMatch:
        return ""


def offices(signs: Iterable[Sign]) -> list[Entry]:
    """Return the offices that this person may enter."""
    return [Entry(str(sign.name), sign.address, _("office")) for sign in signs]


def as_json(name: str, entries: Iterable[Entry]) -> dict[str, Any]:
    """Return a group of the palette as its script reads it."""
    return {"name": name, "entries": [asdict(entry) for entry in entries]}
