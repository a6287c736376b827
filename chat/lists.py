"""The list of chats as pages show it: projects, then chats by time, each with how long it lives."""

from typing import Any

from django.utils import timezone

from accounts.models import User
from chat import lifetimes, projects, queries
from chat.lifetimes import Rules

MOST_PAGES = 10  # that are read at once


def list_of(user: User, rules: Rules, *, page: int = 1, pages: int = 1) -> dict[str, Any]:
    """Return some pages of the list for its template. Two queries for any number."""
    groups, next_page = queries.sidebar_of(user, page=page, pages=pages, now=timezone.now())
    lived = [(label, [(row, lifetimes.told(row, rules)) for row in rows]) for label, rows in groups]
    return {"groups": lived, "next_page": next_page, "house": rules.house} | _projects(user, page)


def _projects(user: User, page: int) -> dict[str, Any]:
    return {"is_first": page == 1, "projects": projects.listed(user) if page == 1 else ()}


def around(user: User) -> dict[str, Any]:
    """Return what the list needs on a page that is no chat."""
    rules = lifetimes.rules_now()
    return {
        "conversation": None,
        "soon": lifetimes.soon(user, rules),
        **list_of(user, rules),
    }
