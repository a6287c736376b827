"""Every table is claimed by a kind, or says why it is nobody's; a person's export and erasure reach all of theirs."""

import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.utils import timezone
from factories import make_owner, make_team, make_user
from keeping import DAY, attach, chat_of, left

from accounts import leaving
from accounts.models import Invitation, Membership, Session, User
from retention import exporting, holding, sweeping
from retention.kinds import kinds
from retention.models import Export

# What no kind answers for, each with the reason. Facts of the log have a retention of their own (HEARTH_AUDIT_DAYS).
NOBODYS = {
    "accounts.Organisation": "settings",
    "accounts.Logo": "settings: the organisation's picture",
    "accounts.Team": "settings",
    "accounts.SetupLink": "a hash that works once",
    "accounts.Attempt": "a digest that is kept for an hour",
    "audit.Entry": "ids and facts, cut after HEARTH_AUDIT_DAYS by audit.pruning",
    "audit.Head": "one row",
    "audit.Cursor": "how far the log was forwarded",
    "audit.Verification": "an id and a verdict",
    "audit.Refusals": "counts that become an entry within a minute",
    "auth.Permission": "Django's, unused",
    "auth.Group": "Django's, unused",
    "chat.Recipe": "settings of models: how answers were made, without people and without anything of a chat",
    "contenttypes.ContentType": "Django's table of models",
    "sessions.Session": "Django's own table, unused: sessions are accounts.Session",
    "health.Spell": "how a check was, and when: gone after thirty days",
    "health.Tally": "counts",
    "egress.Trial": "an id of who asked; the last fifty",
    "egress.Probe": "public addresses, and whether they were reached: goes with its trial",
    "models_admin.Deployment": "settings",
    "models_admin.DeploymentTeam": "settings",
    "models_admin.Download": "a file's name and an id, kept as evidence beside the file",
    "models_admin.Endpoint": "settings, with a key that is encrypted",
    "models_admin.Happening": "what happened to models on machines, without people",
    "models_admin.Host": "a machine",
    "models_admin.ModelFile": "a file of the organisation's, and what its administrators say of it; an id alone",
    "models_admin.OutsidePolicy": "settings",
    "models_admin.Placement": "a model on a machine",
    "models_admin.TeamModel": "settings",
    "models_admin.Upload": "a file's name and an id, gone when the file is whole or after a day",
    "models_admin.WornAdapter": "settings",
    "retention.HouseRules": "settings",
    "retention.TeamRules": "settings",
    "retention.Change": "settings and an id, kept as evidence",
    "retention.Hold": "evidence of who had what kept, and why",
    "retention.Run": "a receipt: counts, cut after HEARTH_AUDIT_DAYS",
    "retention.Chunk": "a receipt: counts and hashes",
    "retention.Leftover": "a name on the way out",
}


def every_model() -> set[str]:
    return {model._meta.label for model in apps.get_models() if not model._meta.proxy}


def claims() -> list[str]:
    return [label for kind in kinds() for label in kind.claims]


def test_every_table_is_claimed_or_says_why_not() -> None:
    assert len(claims()) == len(set(claims())), "nobody answers for the same table twice"
    assert set(claims()).isdisjoint(NOBODYS)
    assert every_model() == set(claims()) | NOBODYS.keys()


def test_every_kind_says_what_decides_how_long_it_is_kept() -> None:
    assert all(kind.rule and kind.label for kind in kinds())


def test_whatever_points_at_a_person_is_claimed_or_keeps_an_id_alone() -> None:
    """A table with a person's id and free text of theirs must be a kind's."""
    texts = (models.TextField, models.EmailField)
    for model in apps.get_models():
        fields = model._meta.get_fields()
        points = any(getattr(field, "related_model", None) is User and field.concrete for field in fields)
        if points and any(isinstance(field, texts) for field in fields):
            assert model._meta.label in claims(), model._meta.label


def read(export: Export) -> dict[str, bytes]:
    with zipfile.ZipFile(exporting.path_of(export.pk)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.django_db(transaction=True)
def test_a_persons_export_has_everything_of_theirs_and_nothing_of_others() -> None:
    ada, eve = make_user(), make_user("eve@example.org")
    chat = chat_of(ada, title="Ada's plans", messages=4)
    attach(chat, b"ada's notes", name="../notes.md")
    chat_of(eve, title="Eve's plans"), chat_of(ada, title="Thrown away", deleted_at=timezone.now())
    Session.objects.create(session_key="k", user=ada, expire_date=timezone.now() + DAY, address="192.0.2.9")
    export = exporting.ask(ada)
    exporting.make()
    export.refresh_from_db()
    assert (export.state, export.done, export.total, export.chats) == ("ready", 1, 1, [chat.pk])
    files = read(export)
    manifest = json.loads(files.pop("manifest.json"))
    import hashlib

    assert manifest["files"] == {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    said = b"".join(files.values()).decode()
    assert "Words 3" in said
    assert "ada's notes" in said
    assert "192.0.2.9" in said
    assert "Eve" not in said
    assert "Thrown away" not in said
    account = json.loads(files["account.json"])
    assert (account["email"], account["teams"][0]["team"]) == ("ada@example.org", "Engineering")
    assert not any(".." in name or name.startswith("/") for name in files)
    assert hashlib.sha256(exporting.path_of(export.pk).read_bytes()).hexdigest() == export.sha256


@pytest.mark.django_db(transaction=True)
def test_what_a_hold_keeps_is_exported_with_what_its_owner_deleted() -> None:
    olga, auditor = make_owner(), make_user("auditor@example.org", role=User.Role.AUDITOR)
    ada = make_user()
    shown, hidden = chat_of(ada, title="Shown"), chat_of(ada, title="Hidden", deleted_at=timezone.now())
    hold = holding.place(by=olga, reason="A case at court.", person=ada)
    chat_of(make_user("eve@example.org"), title="Not held")
    assert holding.search(hold, words="hidden", by=auditor) == 1
    export = exporting.ask_held(hold, by=auditor)
    exporting.make()
    export.refresh_from_db()
    assert set(export.chats) == {shown.pk, hidden.pk}
    said = b"".join(read(export).values())
    assert b"Hidden" in said
    assert b"Not held" not in said
    some = exporting.ask_held(hold, words="hidden", by=auditor)
    exporting.make()
    some.refresh_from_db()
    assert some.chats == [hidden.pk]


@pytest.mark.django_db(transaction=True)
def test_an_export_goes_after_its_hours_and_with_a_chat_that_is_in_it() -> None:
    ada = make_user()
    chat, export = chat_of(ada), exporting.ask(ada)
    exporting.make()
    sweeping.sweep()
    assert exporting.path_of(export.pk).exists()
    type(chat).objects.within(chat).update(deleted_at=timezone.now() - timedelta(days=9))
    sweeping.sweep()
    assert not exporting.path_of(export.pk).exists()
    assert not Export.objects.exists()
    late = exporting.ask(ada)
    exporting.make()
    Export.objects.update(expires_at=timezone.now())
    assert not exporting.exports_of(ada).exists(), "over is over, swept or not"
    sweeping.sweep()
    assert not exporting.path_of(late.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_an_erased_leaver_is_named_nowhere_any_more() -> None:
    olga, ada = make_owner(), make_user("ada.lovelace@example.org")
    chat_of(ada)
    Invitation.objects.create(email="ada.lovelace@example.org", team=make_team(), expires_at=timezone.now() - DAY)
    User.objects.filter(pk=ada.pk).update(is_active=False)
    leaving.erase_belongings(ada, by=olga)
    sweeping.sweep()
    assert left() == set()
    assert not Membership.objects.filter(user=ada).exists()
    assert _rows_with("lovelace") == []


def _rows_with(word: str) -> list[Any]:
    """Return every table that has a row with this word in it."""
    from django.db import connection

    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT count(*) FROM "{table}" AS one WHERE one::text ILIKE %s', [f"%{word}%"])
            found += [table] if cursor.fetchone()[0] else []
    return found
