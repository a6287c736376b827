"""Ids of others where one's own are meant: told as if they were of nothing, and nothing is stored."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid4

import pytest
from authz import World, undone
from cast import world_in
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models.functions import Now
from django.template.backends.django import Template
from django.urls import reverse
from django.utils import timezone
from factories import asked, make_deployment, make_user
from pytest_django import DjangoDbBlocker
from shares import share_of
from traces import tables

from accounts import inviting, office_forms
from accounts.models import Membership, Team, User
from audit.actor import digest_of_session
from breakglass.forms import WhoForm
from chat import copying
from chat import forms as chat_forms
from chat.files import Sent
from chat.models import Attachment, Conversation, Generation, Message, Project
from models_admin import forms as models_forms
from models_admin.models import TeamModel
from retention import forms as retention_forms
from retention.models import Change, Export, Hold, Wish
from sharing import forms as sharing_forms

pytestmark = pytest.mark.django_db
RENDER = Template.render
HOLDER, KEEPER, LOOKER = "holder", "team_admin", "admin"
GUEST = {"email": "a@example.org", "team_role": "member"}
# What differs between two answers though they say the same: what was sent, tokens, fresh ids, the time of day.
FRESH = re.compile(r'value="[A-Za-z0-9]{64}"|name="client_id" value="[^"]*"|\d\d:\d\d')
# Fields to whose senders nothing is another's: the organisation's administrators keep every team and everybody.
OF_ADMINISTRATORS = {
    ("PeopleFilters", "after"),
    ("PeopleFilters", "team"),
    ("JoinTeamForm", "team"),
    ("DenyForm", "team"),
    ("ApproveForm", "team"),
    ("WhoForm", "about"),
    ("WhoForm", "person"),
    ("WhoForm", "team"),
    ("WhoForm", "conversation"),
    ("IdForm", "id"),
    ("MarkForm", "replacement"),
}
TRIED_BELOW = {("QuestionForm", "client_id"), ("AgainForm", "client_id"), ("ForkForm", "client_id")}


@dataclass(frozen=True)
class Slot:
    """A place where an id is sent: by whom, through which door of theirs, and whose id may not work there."""

    form: str
    name: str
    actor: str
    door: str
    foreign: str
    method: str = "GET"
    at: tuple[str, ...] = ()
    more: dict[str, Any] = field(default_factory=dict)
    own: dict[str, str] = field(default_factory=dict)  # fields beside it that name what one may

    def __str__(self) -> str:
        return f"{self.form}.{self.name}"

    def knock(self, world: World, value: object) -> tuple[int, str]:
        """Send this value. Return the status, and what is said without what is new each time."""
        path = reverse(self.door, args=[world.objects[name] for name in self.at])
        own = {name: world.objects[one] for name, one in self.own.items()}
        sent = self.more | own | {self.name: self.shape(value)}
        if self.method == "GET":
            path, sent = f"{path}?{'&'.join(f'{name}={one}' for name, one in sent.items())}", {}
        response = world.knock(self.actor, self.method, path, sent)
        said = getattr(response, "content", b"").decode().replace(str(value), "…")
        return response.status_code, FRESH.sub("", said + response.headers.get("Location", ""))

    def shape(self, value: object) -> object:
        """Return the value as it is sent."""
        if self.name != "file":
            return value
        return SimpleUploadedFile("people.csv", f"email,team\nz@example.org,{value}\n".encode())


ASKING = {"text": "More", "client_id": "7f1d1c5e-3d0f-4c6f-9f0e-2f5b8a0d9a11"}
WRITTEN = {"title": "T", "name": "t", "text": "Words"}
SHOWN = {"head": "answer"}
MODELS_OF, SOME = "models_admin:team_models", {"which": "some"}
SLOTS = [
    Slot("InvitationFilters", "team", KEEPER, "accounts:invitations", "other_team"),
    Slot("InvitationFilters", "after", KEEPER, "accounts:invitations", "their invitation"),
    Slot("TeamFilters", "after", KEEPER, "accounts:teams", "other_team"),
    Slot("RuleFilters", "after", KEEPER, "retention:house", "other_team"),
    Slot("MemberFilters", "after", KEEPER, "accounts:team", "stranger", at=("team",)),
    Slot("WhyForm", "team", HOLDER, "accounts:roles", "other_team", more={"power": "ask"}),
    Slot("InviteForm", "team", KEEPER, "accounts:invite", "other_team", "POST", more=GUEST),
    Slot("InviteForm", "team", KEEPER, "accounts:invite", "other_team"),
    Slot("FileForm", "file", KEEPER, "accounts:roster", "their team's name", "POST"),
    Slot("QuestionForm", "deployment", HOLDER, "chat:begin", "off", "POST", more=ASKING),
    Slot("QuestionForm", "deployment", HOLDER, "chat:ask", "off", "POST", ("conversation",), ASKING),
    Slot("QuestionForm", "deployment", HOLDER, "chat:edit", "off", "POST", ("question",), ASKING),
    Slot("QuestionForm", "beside", HOLDER, "chat:ask", "off", "POST", ("conversation",), ASKING),
    Slot("AgainForm", "deployment", HOLDER, "chat:regenerate", "off", "POST", ("answer",), ASKING),
    Slot("PlaceForm", "project", HOLDER, "chat:home", "their project"),
    Slot("PlaceForm", "project", HOLDER, "chat:begin", "their project", "POST", more=ASKING),
    Slot("PlaceForm", "project", HOLDER, "chat:move", "their project", "POST", ("conversation",)),
    Slot("NewProjectForm", "team", HOLDER, "chat:new_project", "other_team", "POST", more={"name": "Mine"}),
    Slot("TeamModelsForm", "models", KEEPER, MODELS_OF, "off", "POST", ("team",), SOME),
    Slot("TeamModelsForm", "default", KEEPER, MODELS_OF, "off", "POST", ("team",), SOME, {"models": "deployment"}),
    Slot("(none)", "session", HOLDER, "accounts:end_session", "their session", "POST"),
    Slot("(none)", "after", LOOKER, "chat:glass_chats", "their chat", at=("glass",)),
    Slot("ShareForm", "team", HOLDER, "sharing:new", "other_team", "POST", ("conversation",), {"end": "7"}, SHOWN),
    Slot("ShareForm", "head", HOLDER, "sharing:new", "their answer", "POST", ("conversation",), {"end": "7"}),
    Slot("CopyForm", "team", "teammate", "sharing:copy", "other_team", "POST", ("share",)),
    Slot("(none)", "after", HOLDER, "sharing:by_me", "their share"),
    Slot("(none)", "after", "teammate", "sharing:with_me", "their share"),
    Slot("ShelfFilters", "shelf", HOLDER, "prompts:library", "other_team"),
    Slot("(none)", "deleted", "teammate", "prompts:library", "deleted_prompt"),
    Slot("(none)", "show", LOOKER, "chat:glass_chat", "their answer", at=("glass", "conversation")),
    # Searches: somebody else's words find what words of nobody find.
    Slot("TeamFilters", "q", KEEPER, "accounts:teams", "their team's name"),
    Slot("RuleFilters", "q", KEEPER, "retention:house", "their team's name"),
    Slot("MemberFilters", "q", KEEPER, "accounts:team", "their address", at=("team",)),
    Slot("InvitationFilters", "q", KEEPER, "accounts:invitations", "their guest"),
]
# Addresses whose ids belong together: the first is one's own, the second is not in it.
PATHS = [
    (KEEPER, "accounts:team_role", ("team", "stranger"), {"role": "guest"}),
    (KEEPER, "accounts:leave_team", ("team", "stranger"), {}),
    (KEEPER, MODELS_OF, ("other_team",), {"which": "every"}),
    (KEEPER, MODELS_OF, ("other_team",), None),
    (KEEPER, "retention:team", ("other_team",), None),
    (KEEPER, "retention:team_coming", ("other_team",), None),
    (KEEPER, "retention:change_team", ("other_team",), {"keeps": "ever"}),
    (KEEPER, "retention:confirm_team", ("other_team",), {"sealed": "x"}),
    (KEEPER, "retention:keep_wish", ("team", "their wish"), {"days": 30}),
    (KEEPER, "retention:refuse_wish", ("team", "their wish"), {}),
    (KEEPER, "retention:take_back", ("their change",), {}),
    ("auditor", "retention:exported", ("their copy",), None),
    ("auditor", "retention:export_file", ("their copy",), {}),
    ("owner", "accounts:team_role", ("team", "stranger"), {"role": "guest"}),
    (LOOKER, "chat:glass_chat", ("glass", "their chat"), None),
    (LOOKER, "chat:glass_file", ("glass", "conversation", "their attachment"), None),
    (LOOKER, "chat:glass_file", ("glass", "their chat", "their attachment"), None),
    (HOLDER, "chat:attachment", ("their attachment",), None),
    (HOLDER, "chat:regenerate", ("their answer",), ASKING),
    (HOLDER, "chat:regenerate", ("question",), ASKING),
    (HOLDER, "chat:edit", ("answer",), ASKING),
    (HOLDER, "chat:fork", ("their answer",), ASKING),
    (HOLDER, "chat:keep_answer", ("their answer",), {}),
    (HOLDER, "chat:keep_answer", ("question",), {}),
    (HOLDER, "chat:take_back", ("answer",), {}),
    (HOLDER, "chat:think", ("their answer",), {"thumb": "up"}),
    (HOLDER, "chat:think", ("question",), {"thumb": "up"}),
    (HOLDER, "chat:continue", ("their generation",), {}),
    (HOLDER, "chat:continue", ("answer",), {}),
    (HOLDER, "chat:see", ("their chat",), {}),
    (HOLDER, "chat:archive", ("their chat",), {"archived": "on"}),
    (HOLDER, "chat:restore", ("their deleted chat",), {}),
    (HOLDER, "chat:restore", ("conversation",), {}),
    (HOLDER, "chat:project", ("their project",), None),
    (HOLDER, "chat:change_project", ("their project",), {"name": "Mine"}),
    (HOLDER, "chat:delete_project", ("their project",), {}),
    (HOLDER, "sharing:new", ("their chat",), None),
    (HOLDER, "sharing:new", ("their chat",), {"end": "7"}),
    (HOLDER, "sharing:share", ("their share",), None),
    (HOLDER, "sharing:copy", ("their share",), {}),
    (HOLDER, "sharing:revoke", ("their share",), {}),
    (HOLDER, "sharing:end", ("their share",), {"end": "90"}),
    (HOLDER, "sharing:drop", ("share", "their reader"), {}),
    ("teammate", "sharing:drop", ("share", "reader"), {}),
    (HOLDER, "breakglass:dismiss", ("waiting",), {}),
    ("teammate", "chat:draft", ("conversation",), None),
    ("teammate", "chat:draft", ("conversation",), {"text": "Mine"}),
    ("teammate", "prompts:prompt", ("prompt",), None),
    ("teammate", "prompts:text", ("prompt",), None),
    ("teammate", "prompts:copy", ("prompt",), {}),
    ("teammate", "prompts:restore", ("deleted_prompt",), {}),
    ("owner", "prompts:change", ("prompt",), WRITTEN),
    ("stranger", "prompts:copy", ("team_prompt",), {}),
    (KEEPER, "prompts:make_for_team", ("other_team",), WRITTEN),
    (KEEPER, "accounts:renew_invitation", ("their invitation",), {}),
    (KEEPER, "accounts:revoke_invitation", ("their invitation",), {}),
]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """The world with its pages, and more of what belongs to others."""
    with world_in(django_db_blocker) as made, patch.object(Template, "render", RENDER):
        make_deployment()
        off = make_deployment("stub:?words=1&rate=0&slots=1", name="Off", enabled=False)
        team = Team.objects.get(pk=made.objects["other_team"])
        wish = inviting.Wish("their.guest@example.org", team=team, team_role=Membership.Role.MEMBER)
        TeamModel.objects.create(team=team, deployment=off, is_default=True)
        invited = inviting.invite(wish, by=made.people["owner"], now=timezone.now()).invitation
        assert invited
        theirs = asked(made.people["teammate"], sent=[Sent("theirs.md", b"Theirs.")])
        made.objects |= kept_elsewhere(team, made.people, theirs.message.conversation_id)
        made.objects |= {
            "off": off.pk,
            "their invitation": invited.pk,
            "their guest": invited.email,
            "their team's name": team.name,
            "their address": "stranger@example.org",
            "their session": digest_of_session(made.sessions["teammate"]),
            "their chat": theirs.message.conversation_id,
            "their answer": theirs.message_id,
            "their attachment": Attachment.objects.of(made.people["teammate"]).get().pk,
            "their generation": theirs.pk,
            **shared_elsewhere(theirs, made.people["stranger"]),
            "their project": Project.objects.create(owner=theirs.user, team=theirs.team, name="Theirs").pk,
            "their deleted chat": deleted_of(theirs.user).pk,
        }
        yield made


def kept_elsewhere(team: Team, people: dict[str, User], chat: UUID) -> dict[str, Any]:
    """Make a wish and a change of another team, and another auditor's copy of what is held."""
    later = Now() + timedelta(days=1)
    other = make_user("auditor2@example.org", role=User.Role.AUDITOR)
    hold = Hold.objects.create(team=team, reason="A case at court.")
    copy = Export.objects.create(person=other, hold=hold, state=Export.State.READY, ready_at=Now(), expires_at=later)
    wish = Wish.objects.create(person=people["stranger"], team=team, conversation=chat, goes_at=later)
    change = Change.objects.create(team=team, values={}, before={}, holds_at=later)
    return {"their wish": wish.pk, "their change": change.pk, "their copy": copy.pk}


def shared_elsewhere(answer: Generation, reader: User) -> dict[str, Any]:
    """Let somebody else read a chat that is neither's who tries."""
    Generation.objects.within(answer).update(state=Generation.State.STOPPED)
    share = share_of(answer.message.conversation, reader)
    return {"their share": share.pk, "their reader": share.readers.get().pk}


def deleted_of(person: User) -> Conversation:
    """Return a chat that somebody has just deleted."""
    chat = asked(person).message.conversation
    Conversation.objects.within(chat).update(deleted_at=Now())
    return chat


def nothing_like(value: object) -> object:
    """Return a value of the same kind that belongs to nobody."""
    if isinstance(value, UUID):
        return uuid4()
    return 987_654 if isinstance(value, int) else "0123456789abcdef"


@pytest.mark.parametrize("slot", SLOTS, ids=str)
def test_an_id_of_somebody_else_is_one_of_nothing(world: World, slot: Slot) -> None:
    value = world.objects[slot.foreign]
    with undone():
        before = tables()
        theirs = slot.knock(world, value)
        assert tables() == before
        nothing = slot.knock(world, nothing_like(value))
        assert tables() == before
    assert theirs == nothing


@pytest.mark.parametrize(("actor", "door", "names", "form"), PATHS)
def test_an_address_does_not_join_what_does_not_belong_together(
    world: World, actor: str, door: str, names: tuple[str, ...], form: dict[str, Any] | None
) -> None:
    method, ids = "GET" if form is None else "POST", [world.objects[name] for name in names]
    with undone():
        before = tables()
        theirs = world.knock(actor, method, reverse(door, args=ids), form)
        nothing = world.knock(actor, method, reverse(door, args=[*ids[:-1], nothing_like(ids[-1])]), form)
        assert tables() == before
    assert (theirs.status_code, nothing.status_code) == (404, 404)
    assert getattr(theirs, "content", None) == getattr(nothing, "content", b"")


@pytest.mark.parametrize(("door", "name"), [("chat:begin", ""), ("chat:ask", "their chat"), ("chat:edit", "q")])
def test_a_form_s_id_that_somebody_else_has_used_is_as_good_as_a_fresh_one(world: World, door: str, name: str) -> None:
    """Told alike, and what is stored is one's own: nothing of the chat from which the id comes."""
    teammate, told = world.people["teammate"], []
    everybody = Generation.objects.for_housekeeping()
    used = everybody.get(pk=world.objects["generation"]).client_id
    with undone():
        everybody.filter(user=teammate).update(state=Generation.State.STOPPED)
        question = Message.objects.for_housekeeping().get(pk=world.objects["their answer"]).parent_id
        at = [question if name == "q" else world.objects[name]] if name else []
        for client_id in (used, uuid4()):
            with undone():
                response = world.knock("teammate", "POST", reverse(door, args=at), ASKING | {"client_id": client_id})
                made = everybody.get(user=teammate, client_id=client_id)
                assert made.message.conversation.owner_id == teammate.pk
                told.append(response.status_code)
                assert world.objects["conversation"].hex not in response.headers.get("Location", "").replace("-", "")
    assert told == [302, 302]


def test_a_fork_s_id_that_somebody_else_has_used_makes_a_chat_of_one_s_own(world: World) -> None:
    answers, used = Message.objects.for_housekeeping(), uuid4()
    mine, theirs = (answers.get(pk=world.objects[name]) for name in ("answer", "their answer"))
    with undone():
        first = copying.fork(mine, client_id=used)
        response = world.knock("teammate", "POST", reverse("chat:fork", args=[theirs.pk]), {"client_id": used})
        made = Conversation.objects.of(world.people["teammate"]).get(pk=response.headers["Location"].split("/")[-2])
        assert made.pk != first.pk
        said = set(Message.objects.within(made).values_list("text", flat=True))
        assert said == {theirs.text, theirs.parent.text if theirs.parent else ""}


def id_fields() -> set[tuple[str, str]]:
    """Return every field of a form that takes an id or names a row."""
    found, modules = set(), (office_forms, chat_forms, models_forms, retention_forms, sharing_forms)
    kinds = [each for module in modules for each in vars(module).values() if isinstance(each, type)]
    for kind in (*kinds, WhoForm):
        if issubclass(kind, forms.BaseForm):
            fields = getattr(kind, "base_fields", {}).items()
            takes_ids = (forms.UUIDField, forms.ModelChoiceField)
            found |= {(kind.__name__, name) for name, one in fields if isinstance(one, takes_ids)}
    return {(kind, name) for kind, name in found if kind != "Filters"}


def test_every_field_that_takes_an_id_is_tried() -> None:
    tried = {(slot.form, slot.name) for slot in SLOTS} | TRIED_BELOW
    assert id_fields() == (tried & id_fields()) | OF_ADMINISTRATORS
    assert not tried & OF_ADMINISTRATORS


def test_administrators_alone_send_what_is_not_tried(world: World) -> None:
    """Whoever is no administrator of the organisation finds none of these doors."""
    assert {user.organisation_role for user in (world.people[KEEPER], world.people[HOLDER])} == {User.Role.MEMBER}
    doors = [("accounts:people", (), "GET"), ("accounts:join_team", ("holder",), "POST")]
    doors += [("accounts:deny_person", ("holder",), "POST"), ("accounts:deny_team", ("team",), "POST")]
    doors += [("retention:place", (), "GET"), ("retention:place", (), "POST"), ("retention:run", ("run",), "GET")]
    doors += [("accounts:approve_joiner", ("joiner",), "POST"), ("breakglass:ask", (), "GET")]
    doors += [("models_admin:mark", ("file",), "POST"), ("models_admin:piece", ("upload",), "GET")]
    for actor in (KEEPER, HOLDER):
        for door, names, method in doors:
            with undone():
                response = world.knock(actor, method, reverse(door, args=[world.objects[name] for name in names]))
            assert response.status_code == 404, (actor, door)
