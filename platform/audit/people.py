"""Who the ids in the log are. The log knows ids alone; names are looked up where people live, and go with them."""

from collections.abc import Iterable
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db.models import Q
from django.utils.translation import gettext as _

MOST = 20  # people that one search shows


def _uuids(ids: Iterable[str | None]) -> set[UUID]:
    found = set()
    for text in ids:
        try:
            found.add(UUID(text))
        except (TypeError, ValueError):
            continue
    return found


def names_of(ids: Iterable[str | None]) -> dict[str, str]:
    """Return the names of those of these ids that are people, by one query."""
    wanted = _uuids(ids)
    people = get_user_model()._default_manager
    return {str(user.pk): str(user) for user in people.filter(pk__in=wanted)} if wanted else {}


def found_by(text: str) -> list[tuple[str, str, str]]:
    """Return (id, name, address) of those whose name or address contains this text, twenty at most."""
    people = get_user_model()._default_manager
    fitting = people.filter(Q(display_name__icontains=text) | Q(email__icontains=text))
    return [(str(user.pk), str(user), user.email) for user in fitting.order_by("display_name", "email")[:MOST]]


def erased(pk: str) -> str:
    """Return what stands for the name of a person who is no longer here."""
    return _("erased person %(id)s…") % {"id": pk[:4]}
