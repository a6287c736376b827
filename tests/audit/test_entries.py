"""Every action that changes something for others leaves its entry; what is no such act says why."""

import importlib
import inspect
import json
import re
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import uuid4

import acts_of_arranging
import acts_of_backup
import acts_of_breakglass
import acts_of_egress
import acts_of_endpoints
import acts_of_health
import acts_of_models
import acts_of_moving
import acts_of_people
import acts_of_prompts
import acts_of_retention
import acts_of_sharing
import acts_of_signing_in
import pytest
from acts import TARGET_ADA, Case
from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from factories import PASSWORD, asked, make_deployment, make_team, make_user

from accounts import actions as accounts
from accounts.models import User
from audit import actions as audit
from audit import verbs
from audit.actor import Actor, Kind, acting
from audit.entry import Target
from audit.models import Entry
from audit.verbs import VERBS
from audit.verification import verdict_over
from audit.verifying import Verdict
from chat import actions as chat
from models_admin import actions as models_admin
from models_admin import placing
from models_admin.engine.protocol import Ready

ROOT = Path(__file__).resolve().parents[2]
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
QUESTION = "What do salamanders say to the fire?"
NEW_PASSWORD = "another long passphrase"

EXEMPT = acts_of_people.EXEMPT | {
    **acts_of_arranging.EXEMPT,
    **acts_of_backup.EXEMPT,
    **acts_of_breakglass.EXEMPT,
    **acts_of_egress.EXEMPT,
    **acts_of_endpoints.EXEMPT,
    **acts_of_health.EXEMPT,
    **acts_of_models.EXEMPT,
    **acts_of_moving.EXEMPT,
    **acts_of_prompts.EXEMPT,
    **acts_of_retention.EXEMPT,
    **acts_of_sharing.EXEMPT,
    **acts_of_signing_in.EXEMPT,
    "accounts.actions.person": "names a target",
    "accounts.actions.setup_link_works": "reads",
    "audit.actions.record": "writes the entries",
    "chat.actions.title_from": "computes",
    "chat.actions.answered": "reads",
    "chat.actions.begin": "asking is everyday work with one's own chats, no administrative act",
    "chat.actions.ask": "asking, as above",
    "chat.actions.edit": "asking, as above",
    "chat.actions.regenerate": "asking, as above",
    "chat.actions.reproduce": "asking, as above",
    "chat.actions.stop": "everyday work with one's own answer",
    "chat.actions.go_on": "everyday work with one's own answer",
    "chat.actions.show": "everyday work with one's own chat",
    "chat.actions.rename": "everyday work with one's own chat",
    "chat.actions.pin": "everyday work with one's own chat",
    "audit.actions.end_stalled": "an observation: a verification is not heard of any more",
    "models_admin.actions.deploy_builtin": "calls deploy",
}


READY = Ready("a", "ab" * 32, "llama", "Q4_0", context=512, slots=1, load_seconds=0.1)
FOUND = Verdict(True, 10, 1, 10, 1, 0, None, "Sound.")


def let_go(_: User) -> None:
    placing.loading(make_deployment())
    placing.unloaded(make_deployment().pk, "Nobody asks.")


def heal(_: User) -> None:
    placing.loading(make_deployment())
    placing.recovered(make_deployment().pk)


def deploy_again(_: User) -> None:
    models_admin.deploy(Path("/models/a.gguf"), name="A", slots=4)
    models_admin.deploy(Path("/models/b.gguf"), name="B")
    models_admin.deploy(Path("/models/a.gguf"), name="A", slots=16)


def and_then(act: Callable[[User], object]) -> Callable[[User], object]:
    """Sign in before."""

    def both(user: User) -> object:
        Client().force_login(user, backend=BACKEND)
        return act(user)

    return both


ACTIONS = acts_of_people.CASES | {
    **acts_of_arranging.CASES,
    **acts_of_breakglass.CASES,
    **acts_of_egress.CASES,
    **acts_of_endpoints.CASES,
    **acts_of_health.CASES,
    **acts_of_models.CASES,
    **acts_of_moving.CASES,
    **acts_of_prompts.CASES,
    **acts_of_retention.CASES,
    **acts_of_sharing.CASES,
    **acts_of_signing_in.CASES,
    "accounts.actions.make_setup_link": Case(
        lambda _: accounts.make_setup_link(now=timezone.now()), ("accounts.setup_link_made",), {"targets": []}
    ),
    "accounts.actions.set_up": Case(
        lambda _: accounts.set_up(
            accounts.make_setup_link(now=timezone.now()),
            email="owner@example.org",
            display_name="Owner",
            organisation="Aalto",
            password=PASSWORD,
            now=timezone.now(),
        ),
        ("accounts.setup_link_made", "accounts.person_added", "accounts.set_up"),
        {},
    ),
    "accounts.actions.add_person": Case(
        lambda _: accounts.add_person(email="bob@example.org", password=PASSWORD, team=make_team("Other")),
        ("accounts.person_added",),
        {"changes": {"organisation_role": {"old": None, "new": "member"}, "team_role": {"old": None, "new": "member"}}},
    ),
    "accounts.actions.deactivate": Case(
        and_then(accounts.deactivate),
        ("accounts.signed_in", "accounts.person_deactivated", "accounts.sessions_ended"),
        TARGET_ADA | {"facts": {"sessions": 1}},
    ),
    "accounts.actions.end_sessions": Case(
        and_then(accounts.end_sessions),
        ("accounts.signed_in", "accounts.sessions_ended"),
        TARGET_ADA | {"facts": {"sessions": 1}},
    ),
    "accounts.actions.change_password": Case(
        lambda ada: accounts.change_password(ada, password=NEW_PASSWORD), ("accounts.password_changed",), TARGET_ADA
    ),
    "accounts.actions.make_reset_link": Case(
        accounts.make_reset_link, ("accounts.password_reset_asked",), TARGET_ADA | {"facts": {"by": "command"}}
    ),
    "models_admin.actions.deploy": Case(
        deploy_again,
        ("models.deployed", "models.switched_off", "models.deployed", "models.switched_off", "models.deployed"),
        {"changes": {"enabled": {"old": False, "new": True}, "slots": {"old": 4, "new": 16}}},
    ),
    "models_admin.placing.ready": Case(
        lambda _: placing.ready(make_deployment(), READY),
        ("models.loaded",),
        {"facts": {"sha256": "ab" * 32, "architecture": "llama", "quantisation": "Q4_0"}},
    ),
    "models_admin.placing.refused": Case(
        lambda _: placing.refused(make_deployment(), "It is too big."),
        ("models.refused",),
        {"facts": {"reason": "It is too big."}, "result": "refused"},
    ),
    "models_admin.placing.unloaded": Case(
        let_go,
        ("models.unloaded",),
        {"facts": {"reason": "Nobody asks."}},
    ),
    "models_admin.placing.crashed": Case(
        lambda _: [placing.crashed(make_deployment(), "SIGSEGV") for _ in range(3)],
        ("models.unhealthy",),
        {"facts": {"reason": "SIGSEGV", "seconds": 30}, "result": "refused"},
    ),
    "models_admin.placing.recovered": Case(
        heal,
        ("models.recovered",),
        {"facts": {}},
    ),
    "chat.actions.delete": Case(
        lambda ada: chat.delete(asked(ada, QUESTION).message.conversation), ("chat.conversation_deleted",), {}
    ),
    "audit.actions.note_reading": Case(
        lambda _: audit.note_reading({"verb": "audit.read"}), ("audit.read",), {"facts": {"verb": "audit.read"}}
    ),
    "audit.actions.note_export": Case(
        lambda _: audit.note_export(first=1, last=9), ("audit.exported",), {"facts": {"first": 1, "last": 9}}
    ),
    "audit.actions.ask_verification": Case(
        lambda ada: audit.ask_verification(asked_by=ada.pk), ("audit.verification_asked",), {}
    ),
    "audit.actions.note_verification": Case(
        lambda _: audit.note_verification(FOUND), ("audit.verified",), {"facts": {"sound": True, "entries": 10}}
    ),
}


DOORS_AND_PARTS = {"accounts.adapter", "accounts.sign_in"}  # they write what Django and allauth did


def modules_of_actions() -> list[ModuleType]:
    """Return every module of ours that changes something: actions.py, and whatever else writes to the log."""
    found = []
    for app in apps.get_app_configs():
        for file in sorted(Path(app.path).glob("*.py")) if Path(app.path).is_relative_to(ROOT) else ():
            name, text = f"{app.name}.{file.stem}", file.read_text()
            records = app.name != "audit" and re.search(r"^from audit.actions import .*\brecord\b", text, re.MULTILINE)
            if file.stem == "actions" or (records and name not in DOORS_AND_PARTS):
                found.append(importlib.import_module(name))
    return found


def public_actions() -> set[str]:
    """Return every public function of every such module."""
    return {
        f"{module.__name__}.{name}"
        for module in modules_of_actions()
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
    }


def test_every_action_leaves_an_entry_or_says_why_not() -> None:
    assert public_actions() == ACTIONS.keys() | EXEMPT.keys()
    assert ACTIONS.keys().isdisjoint(EXEMPT)


def entries_since(seq: int) -> list[Entry]:
    return list(Entry.objects.filter(seq__gt=seq).order_by("seq"))


def last_seq() -> int:
    return Entry.objects.order_by("-seq").values_list("seq", flat=True).first() or 0


def clean(entries: list[Entry]) -> None:
    """No entry says what people write, who they are by name, or what opens a door."""
    said = "".join(entry.body for entry in entries)
    for secret in (PASSWORD, NEW_PASSWORD, QUESTION, "salamanders", "example.org", "Ada", "pbkdf2", "argon2"):
        assert secret not in said


def says_of(case: Case, ada: User, body: dict[str, Any]) -> dict[str, Any]:
    """Return the parts that the last entry must have; of changes and facts, those that the case names at least."""
    said = {part: body[part] | want if isinstance(want, dict) else want for part, want in case.says.items()}
    return {part: [{"id": str(ada.pk), "kind": "person"}] if want == "ada" else want for part, want in said.items()}


@pytest.mark.django_db
@pytest.mark.usefixtures("clean_redis")
@pytest.mark.parametrize("name", ACTIONS)
def test_an_action_leaves_its_entry(name: str) -> None:
    case, ada = ACTIONS[name], make_user()
    before = last_seq()
    admin = Actor(Kind.PERSON, str(uuid4()), "0" * 16, "192.0.2.7")
    with acting(admin):
        case.act(ada)
    entries = entries_since(before)
    assert tuple(entry.verb for entry in entries) == case.leaves
    last, body = entries[-1], json.loads(entries[-1].body)
    assert (last.actor_kind, last.actor_id) == ("person", admin.id)
    assert body["actor"] == {"address": "192.0.2.7", "id": admin.id, "kind": "person", "session": "0" * 16}
    assert abs((timezone.now() - last.at).total_seconds()) < 60
    assert body == body | says_of(case, ada, body)
    clean(entries)


def sign_in(ada: User, client: Client) -> object:
    return client.post("/account/login/", {"login": ada.email, "password": PASSWORD})


def refuse_sign_in(ada: User, client: Client) -> object:
    return client.post("/account/login/", {"login": ada.email, "password": "wrong"})


def refuse_stranger(ada: User, client: Client) -> object:
    return client.post("/account/login/", {"login": "eve@example.org", "password": "wrong"})


def sign_out(ada: User, client: Client) -> object:
    client.force_login(ada, backend=BACKEND)
    return client.post("/account/logout/")


def change_password(ada: User, client: Client) -> object:
    client.force_login(ada, backend=BACKEND)
    form = {"oldpassword": PASSWORD, "password1": NEW_PASSWORD, "password2": NEW_PASSWORD}
    return client.post("/account/password/change/", form)


def ask_reset(ada: User, client: Client) -> object:
    return client.post("/account/password/reset/", {"email": ada.email})


def ask_foreign(ada: User, client: Client) -> object:
    client.force_login(ada, backend=BACKEND)
    return client.get(reverse("chat:conversation", args=[uuid4()]))


def post_forged(ada: User, client: Client) -> object:
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(ada, backend=BACKEND)
    return careful.post(reverse("chat:begin"), {"text": QUESTION})


DOORS: dict[str, tuple[Callable[[User, Client], object], str]] = {
    "accounts.signed_in": (sign_in, "person"),
    "accounts.signed_out": (sign_out, "person"),
    "accounts.password_changed": (change_password, "person"),
    "accounts.password_reset_asked": (ask_reset, "unknown"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("verb", DOORS)
def test_a_door_leaves_one_entry_with_who_and_from_where(client: Client, verb: str, settings: Any) -> None:
    settings.MAIL_IS_SET_UP = True
    door, kind = DOORS[verb]
    ada = make_user()
    before = last_seq()
    door(ada, client)
    entries = entries_since(before)
    (entry,) = [entry for entry in entries if entry.verb == verb]
    actor = json.loads(entry.body)["actor"]
    assert (actor["kind"], actor["id"]) == (kind, str(ada.pk) if kind == "person" else None)
    assert (actor["address"], actor["session"] is not None) == ("127.0.0.1", kind == "person")
    assert entry.target_ids == [str(ada.pk)]
    assert entry.result == "done"
    clean(entries)


@pytest.mark.django_db
@pytest.mark.parametrize("door", [refuse_sign_in, refuse_stranger])
def test_a_refused_sign_in_names_the_account_alone(client: Client, door: Callable[[User, Client], object]) -> None:
    ada = make_user()
    before = last_seq()
    door(ada, client)
    (entry,) = entries_since(before)
    assert (entry.verb, entry.result, entry.actor_kind) == ("accounts.sign_in_refused", "refused", "unknown")
    assert entry.target_ids == ([str(ada.pk)] if door is refuse_sign_in else [])
    assert json.loads(entry.body)["actor"]["address"] == "127.0.0.1"
    clean([entry])


@pytest.mark.django_db
@pytest.mark.parametrize("door", [ask_foreign, post_forged])
def test_a_closed_door_leaves_an_entry(client: Client, door: Callable[[User, Client], object]) -> None:
    ada = make_user()
    before = last_seq()
    response = door(ada, client)
    assert response.status_code in (403, 404)  # type: ignore[attr-defined]
    entry = entries_since(before)[-1]
    assert (entry.verb, entry.result, entry.actor_id) == ("accounts.access_refused", "refused", str(ada.pk))
    assert json.loads(entry.body)["facts"]["count"] == 1
    clean(entries_since(before))


@pytest.mark.django_db
def test_a_session_appears_as_a_digest_and_never_as_its_key(client: Client) -> None:
    ada = make_user()
    sign_in(ada, client)
    key = client.session.session_key
    assert key is not None
    entry = Entry.objects.latest("seq")
    assert key not in entry.body
    assert len(json.loads(entry.body)["actor"]["session"]) == 16


@pytest.mark.django_db
def test_a_command_is_an_operators_act(tmp_path: Path) -> None:
    (tmp_path / "m.gguf").write_bytes(b"GGUF")
    call_command("deploy_model", "--path", str(tmp_path / "m.gguf"))
    entry = Entry.objects.latest("seq")
    assert (entry.verb, entry.actor_kind) == ("models.deployed", "operator")
    assert (entry.actor_id or "").startswith("unix:")


@pytest.mark.django_db
def test_what_nobody_asked_for_is_the_systems_act() -> None:
    placing.ready(make_deployment(), READY)
    assert Entry.objects.latest("seq").actor_kind == "system"


@pytest.mark.parametrize("value", ["x" * 1001, "a\x00b", "\ud800"])
@pytest.mark.django_db
def test_texts_do_not_fit_into_an_entry(value: str) -> None:
    with pytest.raises(ValueError, match="ids, counts and settings"), transaction.atomic():
        audit.record(verbs.READ, facts={"value": value})


def test_an_entry_belongs_to_a_transaction(db: None) -> None:
    connection.in_atomic_block, inside = False, connection.in_atomic_block
    try:
        with pytest.raises(RuntimeError):
            audit.record(verbs.READ)
    finally:
        connection.in_atomic_block = inside


def test_every_verb_is_written_by_something_and_documented() -> None:
    shown = {verb for case in ACTIONS.values() for verb in case.leaves} | DOORS.keys()
    shown |= {"accounts.sign_in_refused", "accounts.access_refused"}  # above
    shown |= {"audit.anchor_failed", "audit.pruned"}  # test_anchors, test_pruning
    shown |= {"accounts.factor_refused", "accounts.recovery_code_used"}  # accounts/test_mfa
    shown |= {"models.file_came_back", "models.file_refused"}  # models_admin/test_registry
    shown |= {"models.asked_outside"}  # models_admin/test_endpoints
    shown |= {"retention.swept", "retention.sweep_failed", "retention.export_made"}  # retention
    shown |= {"backup.made", "backup.restored"}  # backup/test_making, backup/test_restoring
    assert shown == VERBS.keys()
    text = (ROOT / "docs/audit.md").read_text()
    assert [name for name in VERBS if f"`{name}`" not in text] == []


@pytest.mark.django_db
def test_erasing_a_person_changes_no_hash() -> None:
    ada = make_user()
    with transaction.atomic():
        audit.record(verbs.SIGNED_IN, by=Actor(Kind.PERSON, str(ada.pk)), targets=[Target("person", ada.pk)])
    before = list(Entry.objects.values_list("seq", "hash"))
    User.objects.filter(pk=ada.pk).delete()
    assert list(Entry.objects.values_list("seq", "hash")) == before
    assert verdict_over().sound
    clean(list(Entry.objects.all()))
