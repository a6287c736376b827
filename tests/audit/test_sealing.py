"""Exports are signed by housekeeping, which signs nothing else; where it is away, a person gets a sentence."""

import json
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
import redis
from django.conf import settings as django_settings
from django.test import Client
from factories import make_user

from accounts.models import User
from audit import sealing
from audit.anchors import Anchor
from audit.entry import GENESIS
from audit.models import Entry
from audit.sealing import Unsealed
from audit.signing import NoKey, Signer, is_signed

RANGE = {"first": 1, "last": 2, "entries": 2, "first_prev": GENESIS, "last_hash": GENESIS, "head": 9}
DIGESTS = {"entries.jsonl": "a" * 64, "anchors.jsonl": "b" * 64}
FACTS: dict[str, Any] = {**RANGE, "sha256": DIGESTS}

pytestmark = pytest.mark.usefixtures("clean_redis")


@pytest.mark.usefixtures("housekeeping")
def test_housekeeping_signs_a_manifest(anchors_file: Path) -> None:
    text, signature = sealing.ask(FACTS)
    signer = Signer()
    manifest = json.loads(text)
    assert is_signed(text, signature, signer.public)
    assert {name: manifest[name] for name in FACTS} == FACTS
    assert (set(manifest) - set(FACTS), manifest["key"]) == ({"v", "made_at", "key"}, signer.public)


def anchor() -> dict[str, Any]:
    forged = Anchor(seq=9, hash=GENESIS, first=1, root=GENESIS, at=0, previous=GENESIS, key="k")
    return json.loads(forged.signed_bytes())  # type: ignore[no-any-return]


@pytest.mark.usefixtures("housekeeping")
@pytest.mark.parametrize(
    "facts",
    [
        anchor(),
        FACTS | anchor(),
        {**FACTS, "made_at": 0},
        {**FACTS, "filters": {}},
        {**FACTS, "sha256": {"entries.jsonl": "a" * 64}},
        {**FACTS, "sha256": []},
        {"first": 1},
    ],
)
def test_nothing_else_is_signed(facts: dict[str, Any]) -> None:
    with patch("audit.signing.Ed25519PrivateKey.from_private_bytes") as key:
        with pytest.raises(Unsealed, match="Only the manifest of an export is signed"):
            sealing.ask(facts)
        key.assert_not_called()


@pytest.fixture
def olga(client: Client) -> Client:
    client.force_login(make_user(role=User.Role.AUDITOR), backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.mark.slow
@pytest.mark.django_db
def test_nobody_waits_long_for_housekeeping(olga: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "SECONDS", 1)
    with patch("audit.sealing.current_app.send_task") as ring:
        page = olga.post("/audit/export/file/")
    assert page.status_code == 503
    assert "housekeeping, which does not answer. Try again soon." in page.content.decode()
    assert ring.call_args.kwargs == {"expires": 1, "retry": False}
    assert not Entry.objects.filter(verb="audit.exported", actor_id=str(User.objects.get().pk)).exists()


@pytest.mark.django_db
def test_a_broker_that_is_away_gets_a_sentence(olga: Client) -> None:
    with patch("audit.sealing._redis", side_effect=redis.ConnectionError):
        page = olga.post("/audit/export/file/")
    assert (page.status_code, "which cannot be reached" in page.content.decode()) == (503, True)


@pytest.mark.usefixtures("housekeeping")
def test_housekeeping_without_its_key_says_so(settings: Any, tmp_path: Path) -> None:
    settings.ANCHOR_KEY = tmp_path / "key"
    settings.ANCHOR_KEY.write_text("no key")
    with pytest.raises(Unsealed, match="The key that signs exports is not there"):
        sealing.ask(FACTS)


def test_a_process_without_the_key_neither_signs_nor_makes_one(settings: Any) -> None:
    settings.ANCHOR_KEY = None
    with pytest.raises(NoKey):
        Signer()


@pytest.mark.usefixtures("housekeeping")
def test_nothing_stays_in_redis() -> None:
    sealing.ask(FACTS)
    connection = redis.Redis.from_url(django_settings.REDIS_URL)
    assert [key for key in connection.keys("audit-seal:*") if connection.ttl(key) < 0] == []
