"""A cast and its props: functions, not random data."""

from collections.abc import Sequence
from functools import cache
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.hashers import make_password

from accounts.actions import add_person
from accounts.models import Membership, Team, User
from chat import actions
from chat.files import Sent
from chat.models import Generation
from models_admin import hosting
from models_admin.models import Deployment

PASSWORD = "a long enough passphrase"


def make_team(name: str = "Engineering") -> Team:
    return Team.objects.get_or_create(name=name)[0]


@cache
def hashed_password(hasher: str) -> str:
    """Return the hash of everybody's password: it is slow on purpose, and made once for each way of hashing."""
    return make_password(PASSWORD)


def make_user(email: str = "ada@example.org", *, role: str = User.Role.MEMBER, team: Team | None = None) -> User:
    user = add_person(
        email=email,
        password=None,
        display_name=email.split("@")[0].title(),
        organisation_role=role,
        team=team or make_team(),
        team_role=Membership.Role.MEMBER,
    )
    user.password = hashed_password(settings.PASSWORD_HASHERS[0])
    user.save(update_fields=["password"])
    return user


def make_owner() -> User:
    """Return an owner, who acts where somebody has to; the same one each time."""
    found = User.objects.filter(email="olga@example.org").first()
    return found or make_user("olga@example.org", role=User.Role.OWNER, team=make_team("House"))


def make_deployment(path: str = "stub:?words=40&rate=0&slots=8", *, name: str = "Stub", **fields: object) -> Deployment:
    return Deployment.objects.update_or_create(path=path, defaults={"name": name, **fields})[0]


def heard() -> None:
    """A host speaks for everything that it should host."""
    host = hosting.me()
    hosting.speak(host, hosting.wanted_here(host))


def asked(
    user: User, text: str = "What is a hearth?", *, deployment: Deployment | None = None, sent: Sequence[Sent] = ()
) -> Generation:
    return actions.begin(user, text=text, deployment=deployment or make_deployment(), client_id=uuid4(), sent=sent)
