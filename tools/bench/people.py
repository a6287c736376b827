"""The offices in a large organisation: queries and time of every list page, at 50 people and at 5,000 in 300 teams."""

import os
import random
import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import django
import psutil
import psycopg

from config.supervisor.servers import Postgres

if TYPE_CHECKING:
    from accounts.models import Team, User

SIZES = ((50, 3), (5_000, 300))  # people, teams
LOOKS = 60  # at each page
NAMES = ("Ada", "Bela", "Chen", "Dana", "Emil", "Fatou", "Grete", "Hugo", "Ines", "Jan", "Kofi", "Lena", "Mio", "Noor")
Say = Callable[[str], None]


def fill(people: int, teams: int, dice: random.Random) -> None:
    """Make an organisation: most are in one or two teams, a tenth has left, a third as many invitations and wishes."""
    from accounts.models import Membership, Organisation, Team, User

    house, _ = Organisation.objects.get_or_create(name="Aalto", defaults={"joining": "approval"})
    known = User.objects.count()
    fresh = [_person(n, dice) for n in range(known, people)]
    User.objects.bulk_create(fresh, batch_size=1000)
    groups = [Team(name=f"Team {n:03} of {house.name}") for n in range(Team.objects.count(), teams)]
    every = [*Team.objects.all(), *Team.objects.bulk_create(groups)]
    roles = ["admin", *["member"] * 8, "guest"]
    parts = {(user, team) for user in fresh for team in dice.sample(every, dice.choice((1, 1, 2)))}
    Membership.objects.bulk_create(
        [Membership(user=user, team=team, role=dice.choice(roles)) for user, team in parts], batch_size=1000
    )
    _ask_in(people // 3, every, fresh[0], dice)


def _person(number: int, dice: random.Random) -> "User":
    from accounts.models import User

    role = dice.choices(["member", "admin", "auditor"], [97, 2, 1])[0]
    name = f"{dice.choice(NAMES)} {dice.choice(NAMES)}son {number}"
    active = dice.random() > 0.1
    return User(
        email=f"p{number}@example.org", display_name=name, organisation_role=role, is_active=active, password="!"
    )


def _ask_in(count: int, teams: "list[Team]", by: "User", dice: random.Random) -> None:
    from django.utils import timezone

    from accounts.models import Denial, Invitation, Joiner

    now, of = timezone.now(), f"{count}.{dice.randrange(10**6)}"
    Invitation.objects.bulk_create(
        Invitation(
            email=f"i{n}.{of}@example.org",
            team=dice.choice(teams),
            invited_by=by,
            expires_at=now + timedelta(days=dice.randrange(-3, 7)),
            used_at=now if n % 3 == 0 else None,
        )
        for n in range(count)
    )
    Joiner.objects.bulk_create(
        Joiner(email=f"j{n}.{of}@example.org", display_name=f"Joan {n}", password="!") for n in range(count // 10)
    )
    for team in teams[:: max(1, len(teams) // 20)]:
        Denial.objects.get_or_create(team=team, power="ask", person=None, defaults={"reason": "Over."})


def addresses() -> dict[str, Callable[[], str]]:
    """Return every list page by name, as somebody asks for it: first page, a later one, searches and filters."""
    from accounts.models import Invitation, Team, User

    dice = random.Random(3)
    users = list(User.objects.values_list("pk", flat=True))
    teams = list(Team.objects.values_list("pk", flat=True))
    invitations = list(Invitation.objects.values_list("pk", flat=True))
    return {
        "people": lambda: "/people/",
        "people, a later page": lambda: f"/people/?after={dice.choice(users)}",
        "people, searched": lambda: f"/people/?q={dice.choice(NAMES).lower()}+{dice.randrange(100)}",
        "people, nobody found": lambda: "/people/?q=zzz",
        "people, filtered": lambda: f"/people/?role=member&state=active&team={dice.choice(teams)}",
        "one person": lambda: f"/people/{dice.choice(users)}/",
        "teams": lambda: "/teams/",
        "teams, searched": lambda: f"/teams/?q={dice.randrange(10)}",
        "one team": lambda: f"/teams/{dice.choice(teams)}/",
        "invitations": lambda: "/invitations/",
        "invitations, a later page": lambda: f"/invitations/?after={dice.choice(invitations)}",
        "invitations, searched": lambda: f"/invitations/?q=i{dice.randrange(100)}&state=open",
        "joiners": lambda: "/invitations/joiners/",
        "roles": lambda: "/roles/",
        "organisation": lambda: "/organisation/",
        "break-glass": lambda: "/break-glass/",
        "own sessions": lambda: "/you/sessions/",
    }


def look(person: "User") -> dict[str, dict[str, float]]:
    """Return for each page how many queries it takes at most, how long in the server, and how much work that is (ms).

    The work is processor time of Django and of its PostgreSQL backend, on average: it is the same on a busy machine.
    """
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    from accounts.models import Session

    backend = psutil.Process(connection.cursor().execute("SELECT pg_backend_pid()").fetchone()[0])

    def work() -> float:
        spent = backend.cpu_times()
        return time.process_time() + spent.user + spent.system

    client = Client(SERVER_NAME="localhost")
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    found = {}
    for name, address in addresses().items():
        took, queries, before = [], 0, 0.0
        Session.objects.update(seen_at=timezone.now())  # else one request a minute marks it, by one query more
        for n in range(LOOKS + 3):
            path = address()
            if n < 3:  # warm, and counted
                with CaptureQueriesContext(connection) as captured:
                    response = client.get(path)
                queries = max(queries, len(captured))
                assert response.status_code == 200, (path, response.status_code)
                before = work()
                continue
            began = time.perf_counter()
            client.get(path)
            took.append(1000 * (time.perf_counter() - began))
        ordered = sorted(took)
        found[name] = {
            "queries": queries,
            "work_ms": round(1000 * (work() - before) / LOOKS, 1),
            "median_ms": round(statistics.median(ordered), 1),
            "p95_ms": round(ordered[int(0.95 * len(ordered))], 1),
        }
    return found


def measure(say: Say) -> dict[str, Any]:
    """Run all of it against a PostgreSQL of its own. The owner looks."""
    with TemporaryDirectory() as directory:
        var = Path(directory)
        (var / "log").mkdir()
        postgres = Postgres(var)
        server = postgres.child()
        server.start()
        try:
            postgres.wait_until_ready()
            return _measure(postgres, var, say)
        finally:
            server.end()


def _measure(postgres: Postgres, var: Path, say: Say) -> dict[str, Any]:
    os.environ |= {"HEARTH_VAR": str(var), "DJANGO_SETTINGS_MODULE": "config.settings"}
    os.environ |= {"HEARTH_DATABASE_URL": postgres.url, "HEARTH_OWNER_DATABASE_URL": postgres.owner_url}
    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from accounts.models import User

    call_command("migrate", verbosity=0)
    owner = User.objects.create(email="owner@example.org", organisation_role="owner", password="!")
    dice, found = random.Random(2), {}
    for people, teams in SIZES:
        fill(people, teams, dice)
        with psycopg.connect(postgres.superuser_url("hearth"), autocommit=True) as superuser:
            superuser.execute("VACUUM ANALYZE")
        found[f"{people} people"] = look(owner)
        for name, row in found[f"{people} people"].items():
            say(f"{people:5} people  {name:28} {row}")
    connection.close()
    return found
