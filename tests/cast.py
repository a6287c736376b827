"""The eleven actors of the authorisation matrix, and one of each object, all of them the holder's."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import glasses
from allauth.mfa.models import Authenticator
from authz import World
from django.conf import settings
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.functions import Now
from django.template.backends.django import Template
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone
from factories import PASSWORD, asked, make_deployment, make_team, make_user
from pictures import png
from pytest_django import DjangoDbBlocker

from accounts import denials, inviting
from accounts.models import Joiner, Logo, Membership, Organisation, Session, Team, User
from accounts.roles import Power
from audit.models import Entry, Verification
from chat.files import Sent
from chat.models import Conversation, Generation, Project
from models_admin.models import Endpoint, ModelFile, Upload
from moving.models import Import
from prompts.models import Prompt
from retention import exporting
from retention.models import Change, Export, Hold, Run, Wish
from sharing import actions as sharing

Role = User.Role


def people_of(team: Team, other: Team) -> dict[str, User]:
    """Make everybody who has an account, as they are while all is well."""
    house = {"auditor": Role.AUDITOR, "admin": Role.ADMIN, "owner": Role.OWNER}
    names = ("holder", "teammate", "guest", "team_admin", "deactivated", "expired", *house)
    people = {name: make_user(f"{name}@example.org", role=house.get(name, Role.MEMBER), team=team) for name in names}
    for name, role in (("guest", Membership.Role.GUEST), ("team_admin", Membership.Role.ADMIN)):
        Membership.objects.filter(user=people[name]).update(role=role)
    return people | {"stranger": make_user("stranger@example.org", team=other)}


def session_of(person: User) -> str:
    """Sign somebody in through the page, and once more for what asks for it. Return the session's key."""
    client = Client()
    for door, form in (("account_login", {"login": person.email}), ("account_reauthenticate", {})):
        response = client.post(reverse(door), form | {"password": PASSWORD})
        assert response.status_code == 302, response.content
    return str(client.cookies[settings.SESSION_COOKIE_NAME].value)


def make_world() -> World:
    """Fill an empty database. An answer of the holder was stopped, so that every way to ask for more is open."""
    Organisation.objects.update_or_create(pk=1, defaults={"name": "Aalto", "joining": Organisation.Joining.APPROVAL})
    team, other = make_team("Engineering"), make_team("Research")
    people = people_of(team, other)
    sessions = {name: session_of(person) for name, person in people.items()}
    objects = {"team": team.pk, "other_team": other.pk, "nothing": "nothing", "colour": "1d5a8a"}
    objects |= {"logo": Logo.objects.create(type=Logo.Type.PNG, width=32, height=32, data=png()).pk}
    objects |= {name: person.pk for name, person in people.items()}
    User.objects.filter(pk=people.pop("deactivated").pk).update(is_active=False)
    expired = Session.objects.filter(user=people.pop("expired"))
    expired.update(expire_date=Now() - timedelta(seconds=1))
    objects |= {"copy": copy_of(people["holder"])} | prompts_of(people["holder"], team)
    objects |= chats_of(people["holder"]) | papers_of(team, people) | glasses_of(people)
    objects |= files_of(people["admin"])
    objects |= {"move": brought_by(people["holder"])}
    objects |= kept_of(team, people, objects["conversation"])
    objects |= shared_of(people["holder"], people["teammate"], objects)
    objects |= projects_of(team, people["holder"])
    return World(objects, sessions, people)


def chats_of(holder: User) -> dict[str, Any]:
    """Let the holder ask, with a file. Return the ids by which addresses and forms name what is made."""
    sent = [Sent("hearth.md", b"What is a hearth? A place for a fire.")]
    generation = asked(holder, "What is a hearth?", deployment=make_deployment(), sent=sent)
    Generation.objects.within(generation).update(state=Generation.State.STOPPED)
    message = generation.message
    assert message.parent is not None
    return {
        "conversation": message.conversation_id,
        "question": message.parent_id,
        "attachment": message.parent.attachments.get().pk,
        "answer": message.pk,
        "generation": generation.pk,
        "deployment": generation.deployment_id,
        "endpoint": Endpoint.objects.create(name="Hall", url="http://hall:8000/v1").pk,
    }


def shared_of(holder: User, teammate: User, objects: dict[str, Any]) -> dict[str, Any]:
    """The holder's chat, shared with a teammate."""
    chat, head = holder.conversations.get(pk=objects["conversation"]), objects["answer"]
    share = sharing.share(chat, people=[teammate.pk], teams=[], days=7, head=head, by=holder)
    return {"share": share.pk, "reader": share.readers.get().pk}


def prompts_of(holder: User, team: Team) -> dict[str, Any]:
    """A prompt on each shelf, and one of the holder's that was deleted."""
    places: dict[str, dict[str, Any]] = {
        "prompt": {"owner": holder},
        "team_prompt": {"team": team},
        "house_prompt": {},
        "deleted_prompt": {"owner": holder, "deleted_at": Now()},
    }
    made = {name: Prompt.objects.create(name="a", title="A", text="Say a.", **on) for name, on in places.items()}
    for prompt in made.values():
        prompt.versions.create(number=1, title="A", text="Say a.", by=holder.pk)
    return {name: prompt.pk for name, prompt in made.items()} | {"first": 1}


def projects_of(team: Team, holder: User) -> dict[str, Any]:
    """A project of the holder's, one that is shared with the team, and a chat that the holder has just deleted."""
    made = [Project.objects.create(owner=holder, team=team, name="Lease", shared=shared) for shared in (False, True)]
    chat = Conversation.objects.create(owner=holder, team=team, deleted_at=Now())
    head = chat.messages.create(role="user", text="Deleted")
    Conversation.objects.within(chat).update(head=head)
    return {"project": made[0].pk, "shared_project": made[1].pk, "deleted": chat.pk}


def files_of(admin: User) -> dict[str, Any]:
    """Registered model files, one that is gone and one that is ready; an upload that the administrator has begun."""
    file = ModelFile.objects.create(name="A model", path="/models/a.gguf", state="gone", sha256="a" * 64)
    ready = ModelFile.objects.create(name="Ready", path="/models/r.gguf", state="ready", sha256="b" * 64)
    return {
        "file": file.pk,
        "ready_file": ready.pk,
        "upload": Upload.objects.create(name="b.gguf", size=10, by=admin.pk).pk,
    }


def brought_by(holder: User) -> Any:
    """Let a chat be found in a file that the holder brings along. Return the import's id."""
    move = Import.objects.create(
        owner=holder, name="a.json", size=2, state=Import.State.FOUND, expires_at=Now() + timedelta(hours=1)
    )
    said = timezone.now() - timedelta(days=40)
    move.entries.create(place=0, title="Brought", messages=2, began_at=said, ended_at=said)
    return move.pk


def copy_of(holder: User) -> Any:
    """Let a copy of the holder's data be there. Return its id."""
    later = Now() + timedelta(hours=1)
    copy = Export.objects.create(person=holder, state=Export.State.READY, expires_at=later)
    path = exporting.path_of(copy.pk)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.write_bytes(b"PK")
    return copy.pk


def kept_of(team: Team, people: dict[str, User], chat: Any) -> dict[str, Any]:
    """A change that waits, a wish of the holder, a sweep, and a hold on a chat that is gone with its export."""
    later = Now() + timedelta(days=1)
    hold = Hold.objects.create(conversation=uuid4(), reason="A case at court.", placed_by=people["owner"])
    ready = {"hold": hold, "state": Export.State.READY, "ready_at": Now(), "expires_at": later}
    copy = Export.objects.create(person=people["auditor"], **ready)
    exporting.path_of(copy.pk).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    exporting.path_of(copy.pk).write_bytes(b"PK")
    values = {"values": {"file_days": 5}, "before": {"file_days": None}, "holds_at": later}
    wish = Wish.objects.create(person=people["holder"], team=team, conversation=chat, goes_at=later)
    return {
        "change": Change.objects.create(team=team, asked_by=people["team_admin"], **values).pk,
        "hold": hold.pk,
        "held_copy": copy.pk,
        "run": Run.objects.create(key=bytes(32), state=Run.State.DONE).pk,
        "wish": wish.pk,
    }


def papers_of(team: Team, people: dict[str, User]) -> dict[str, Any]:
    """An invitation to the team, somebody who asks to join, a denial, and what the audit log has."""
    wish = inviting.Wish(email="new@example.org", display_name="New", team=team, team_role=Membership.Role.MEMBER)
    invited = inviting.invite(wish, by=people["team_admin"], now=timezone.now())
    assert invited.invitation is not None
    power, gone = Power.SET_TEAM_DEFAULTS, User.objects.get(email="deactivated@example.org")
    return {
        "invitation": invited.invitation.pk,
        "token": invited.token,
        "joiner": Joiner.objects.create(email="joiner@example.org", display_name="Joiner", password="!").pk,
        "denial": denials.deny(power, user=gone, team=team, reason="No reason.", by=people["owner"]).pk,
        "key": Authenticator.objects.create(user=people["holder"], type="webauthn", data={"name": "Key"}).pk,
        "entry": Entry.objects.latest("seq").seq,
        "verification": Verification.objects.create(asked_by=people["auditor"].pk).pk,
    }


def glasses_of(people: dict[str, User]) -> dict[str, Any]:
    """The administrator may look at the holder's chats just now, and asks to look at a teammate's as well."""
    admin, auditor = people["admin"], people["auditor"]
    waiting = glasses.requested(admin, people["teammate"])
    return {"glass": glasses.opened(admin, auditor, people["holder"]).pk, "waiting": waiting.pk}


# What dresses answers and lets nobody in, or keeps them out. With the templates, it costs more than all the rest.
DRESSING = ("csp.", "servestatic.", "django_structlog.", "config.middleware.house_headers")
QUICK = "django.contrib.auth.hashers.MD5PasswordHasher"


@contextmanager
def world_in(blocker: DjangoDbBlocker) -> Iterator[World]:
    """Make one world for many tests. Nothing of it is committed."""
    middleware = [name for name in settings.MIDDLEWARE if not name.startswith(DRESSING)]
    logging.disable()  # thousands of refusals are a lot of lines
    with (
        blocker.unblock(),
        transaction.atomic(),
        override_settings(MIDDLEWARE=middleware, ACCOUNT_REAUTHENTICATION_TIMEOUT=3600, PASSWORD_HASHERS=[QUICK]),
        patch.object(Template, "render", lambda *args, **kwargs: ""),
        patch("allauth.mfa.webauthn.internal.auth.get_credentials", lambda user: []),
        patch("accounts.factor_views.qr_code_of", lambda url: ""),
        patch("audit.sealing.is_housekeeping_there", lambda: None),
        patch.object(BaseDatabaseWrapper, "close_if_unusable_or_obsolete", lambda self: None),  # sockets would
    ):
        yield make_world()
        transaction.set_rollback(True)
    logging.disable(logging.NOTSET)
