"""The office of models: what its pages say, to whom, and what they change."""

import re
from pathlib import Path
from typing import Any

import gguf
import pytest
from acts_of_models import look
from django.test import Client
from django.urls import reverse
from factories import make_deployment, make_owner, make_user
from tiny_gguf import write_tiny_gguf

from accounts.models import User
from audit.models import Entry
from models_admin import builtin, uploading
from models_admin.models import ModelFile

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_redis")]
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def models(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, and no built-in model."""
    settings.MODELS = tmp_path / "models"
    settings.MODELS.mkdir()
    monkeypatch.setattr(builtin, "FILE", tmp_path / "no.gguf")
    return Path(settings.MODELS)


@pytest.fixture
def olga(client: Client) -> Client:
    client.force_login(make_owner(), backend=BACKEND)
    return client


def licensed(writer: gguf.GGUFWriter) -> None:
    writer.add_license("apache-2.0")
    writer.add_languages(["en", "<b>fi</b>"])


def registered(models: Path, name: str = "tiny.gguf", **more: Any) -> ModelFile:
    path = write_tiny_gguf(models / name, add=licensed, **more)
    look()
    return ModelFile.objects.get(path=str(path.resolve()))


def door(name: str, *args: object) -> str:
    return reverse(f"models_admin:{name}", args=args)


def shown(client: Client, address: str, **headers: str) -> str:
    response = client.get(address, headers=headers)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_an_empty_office_says_how_to_add_a_model(models: Path, olga: Client) -> None:
    page = shown(olga, door("files"))
    assert "No model is here yet" in page
    assert str(models.resolve()) in page
    assert "make model REPO=owner/name FILE=name.gguf" in page
    assert "data-upload" in page


def test_the_list_says_what_each_file_is_and_who_uses_it(models: Path, olga: Client) -> None:
    file = registered(models, name="tiny.gguf")
    make_deployment(file.path, name="Everyday", model=file)
    (models / "bad.gguf").write_bytes(b"no model")
    look()
    page = shown(olga, door("files"))
    assert "2 models" in page
    for words in ("apache-2.0", "llama", "F32", "Everyday", file.shown_size, file.shown_parameters):
        assert words in page
    assert ModelFile.objects.get(state="refused").reason in page


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ("q=tiny", 1),
        ("q=nothing", 0),
        ("state=ready", 2),
        ("state=gone", 0),
        ("architecture=llama", 2),
        ("licence=apache-2.0", 2),
        ("quantisation=F32", 2),
        ("state=unused", 2),
        ("state=deprecated", 0),
        ("q=TINY+gguf", 1),
    ],
)
def test_the_list_is_searched(models: Path, olga: Client, asked: str, count: int) -> None:
    registered(models, "tiny.gguf")
    registered(models, "other.gguf", seed=1)
    ModelFile.objects.filter(path__endswith="other.gguf").update(name="Another")
    page = shown(olga, f"{door('files')}?{asked}")
    assert page.count('class="whole"') == count


def test_a_list_of_many_costs_as_many_queries(models: Path, olga: Client, django_assert_max_num_queries: Any) -> None:
    for n in range(60):
        file = ModelFile.objects.create(name=f"Model {n}", path=f"/models/{n}.gguf", state="gone", sha256="a" * 64)
        make_deployment(file.path, name=f"Deployed {n}", model=file)
    with django_assert_max_num_queries(15):
        shown(olga, door("files"))


def test_a_card_has_all_facts_and_escapes_what_the_file_says(models: Path, olga: Client) -> None:
    file = registered(models)
    page = shown(olga, door("file", file.pk))
    for words in (file.sha256, "apache-2.0", "&lt;b&gt;fi&lt;/b&gt;", "2,048 tokens", "there, and tried", "of RAM"):
        assert words in page
    assert "<b>fi</b>" not in page


def test_progress_is_a_part_of_the_page(models: Path, olga: Client) -> None:
    file = registered(models)
    ModelFile.objects.update(state="hashing", hashed=file.size // 2)
    part = shown(olga, door("file", file.pk), **{"X-Hearth-Partial": "part"})
    assert "data-wait" in part
    assert "50 % of" in part
    assert "<html" not in part
    work = shown(olga, door("work"))
    assert "50 % of" in work
    ModelFile.objects.update(state="ready")
    assert "data-wait" not in shown(olga, door("work"))


def test_a_card_is_written_and_the_log_has_the_fields_alone(models: Path, olga: Client) -> None:
    file = registered(models)
    words = {"intended_use": "For <i>letters</i>.", "limits": "Sums.\nNames.", "source": "A friend", "notes": ""}
    response = olga.post(door("card", file.pk), words | {"demo": "on"})
    assert response.status_code == 302
    page = shown(olga, door("file", file.pk))
    assert "For &lt;i&gt;letters&lt;/i&gt;." in page
    assert "Sums.<br>Names." in page
    entry = Entry.objects.get(verb="models.card_changed")
    assert "letters" not in entry.body
    assert '"fields":["source","intended_use","limits"]' in entry.body


def test_a_card_that_is_too_long_loses_nothing(models: Path, olga: Client) -> None:
    file = registered(models)
    response = olga.post(door("card", file.pk), {"notes": "x" * 2001, "limits": "Sums."})
    assert response.status_code == 400
    assert "Sums." in response.content.decode()
    assert ModelFile.objects.get().limits == ""


def test_a_model_is_deprecated_with_its_replacement(models: Path, olga: Client) -> None:
    old, new = registered(models, "old.gguf"), registered(models, "new.gguf", seed=1)
    olga.post(door("mark", old.pk), {"deprecated": "on", "replacement": str(new.pk)})
    page = shown(olga, door("file", old.pk))
    assert "Deprecated." in page
    assert door("file", new.pk) in page
    wrong = olga.post(door("mark", old.pk), {"deprecated": "on", "replacement": str(old.pk)})
    assert (wrong.status_code, "There is no such choice." in wrong.content.decode()) == (400, True)


def test_a_changed_file_offers_to_be_registered_anew(models: Path, olga: Client) -> None:
    file = registered(models)
    assert "Register the file that is there now" not in shown(olga, door("file", file.pk))
    assert olga.post(door("accept", file.pk)).status_code == 409
    write_tiny_gguf(models / "tiny.gguf", seed=8)
    look()
    assert "Register the file that is there now" in shown(olga, door("file", file.pk))
    assert olga.post(door("accept", file.pk)).status_code == 302
    look()
    assert ModelFile.objects.get().state == "ready"


def test_a_gone_file_is_taken_off_the_list(models: Path, olga: Client) -> None:
    file = registered(models)
    (models / "tiny.gguf").unlink()
    look()
    assert "Take it off the list" in shown(olga, door("file", file.pk))
    assert olga.post(door("forget", file.pk)).status_code == 302
    assert not ModelFile.objects.exists()


def test_an_upload_that_was_broken_off_is_shown_to_who_began_it(models: Path, olga: Client) -> None:
    uploading.begin(name="big.gguf", size=10, by=make_owner())
    uploading.begin(name="theirs.gguf", size=10, by=make_user("omar@example.org", role=User.Role.ADMIN))
    page = shown(olga, door("files"))
    assert "big.gguf" in page
    assert "Choose the same file again to go on." in page
    assert "theirs.gguf" not in page


def test_looking_again_rings_and_says_so(models: Path, olga: Client) -> None:
    page = olga.post(door("look"), follow=True).content.decode()
    assert "The folder is being looked through …" in page
    [until] = re.findall(r"until=(\d+)", page)
    assert "data-wait" in shown(olga, f"{door('work')}?until={until}")
    for over in ("1", "99999999999", "x", ""):
        assert "data-wait" not in shown(olga, f"{door('work')}?until={over}")


def test_the_office_is_there_for_who_manages_models_alone(models: Path, client: Client) -> None:
    client.force_login(make_user(), backend=BACKEND)
    assert door("files") not in shown(client, reverse("accounts:roles"))
    assert client.get(door("files")).status_code == 404
    client.force_login(make_owner(), backend=BACKEND)
    assert f'href="{door("files")}"' in shown(client, reverse("accounts:roles"))
