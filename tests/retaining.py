"""What the tests of retention's pages share: people of the office at their browsers, who say who they are."""

import re
from datetime import timedelta
from typing import Any

from accounts_pages import enter, make_house
from django.db.models.functions import Now
from django.test import Client
from factories import PASSWORD, make_team, make_user

from accounts.models import Team, User
from retention.models import HouseRules, Run
from retention.terms import HOUSE_SETTINGS

SEALED = re.compile(r'name="sealed" value="([^"]+)"')


def office(role: str = User.Role.ADMIN, *, again: bool = True) -> Client:
    """Return a browser of somebody in the organisation's office, who has just shown their password."""
    make_house()
    user = make_user(f"{role}@example.org", role=role, team=make_team("Office"))
    return shown(enter(user)) if again else enter(user)


def shown(client: Client) -> Client:
    """Say once more who one is."""
    assert client.post("/account/reauthenticate/", {"password": PASSWORD}).status_code == 302
    return client


def house_form(**fresh: Any) -> dict[str, Any]:
    """Return what the form of the organisation's rules sends, with some settings changed."""
    rules = HouseRules.objects.filter(pk=1).first() or HouseRules()
    values = {name: getattr(rules, name) for name in HOUSE_SETTINGS} | {"pinned_exempt": ""} | fresh
    return {name: "" if value is None else value for name, value in values.items()}


def sealed_in(response: Any) -> str:
    """Return the signed settings that a preview carries."""
    found = SEALED.search(response.content.decode())
    assert found, response.content.decode()[:2000]
    return found[1]


def ended(*, minutes: float = 1, **fields: Any) -> Run:
    """Return a sweep that ended so long ago."""
    run = Run.objects.create(**{"state": Run.State.DONE, "key": bytes(32), **fields})
    ago = Now() - timedelta(minutes=minutes)
    Run.objects.filter(pk=run.pk).update(started_at=ago, ended_at=ago)
    run.refresh_from_db()
    return run


def teams_with_rules(count: int) -> list[Team]:
    """Return as many teams, each with a period of its own."""
    from retention.models import TeamRules

    teams = Team.objects.bulk_create(Team(name=f"Team {n:03}") for n in range(count))
    TeamRules.objects.bulk_create(TeamRules(team=team, keeps="days", days=1 + n) for n, team in enumerate(teams))
    return teams
