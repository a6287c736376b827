"""What the tests of the offices' pages share: somebody at a client, and what a page says."""

from typing import Any

from django.test import Client
from factories import make_team, make_user

from accounts.models import Membership, Organisation, Team, User


def enter(user: User) -> Client:
    """Return a browser in which somebody is signed in."""
    client = Client()
    client.force_login(user)
    return client


def make_house() -> Organisation:
    return Organisation.objects.get_or_create(id=1, defaults={"name": "Aalto"})[0]


def make_admin() -> User:
    """Return an administrator of the organisation, who is in no team."""
    user = make_user("olga@example.org", role=User.Role.ADMIN)
    user.memberships.all().delete()
    return user


def make_keeper(team: Team | None = None) -> User:
    """Return somebody who administers one team and nothing else."""
    user = make_user("tom@example.org", team=team or make_team())
    Membership.objects.filter(user=user).update(role=Membership.Role.ADMIN)
    return user


def text(response: Any) -> str:
    """Return a page's source with its white space made even."""
    return " ".join(response.content.decode().replace("&#x27;", "'").split())
