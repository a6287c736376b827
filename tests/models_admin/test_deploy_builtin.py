"""The model that Hearth brings along is hosted where nobody has chosen another."""

import io
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from factories import asked, make_deployment, make_user
from tiny_gguf import write_tiny_gguf

from accounts.models import User
from chat.models import Generation
from models_admin import builtin
from models_admin.engine.header import read_header
from models_admin.models import Deployment

pytestmark = pytest.mark.django_db
ADVICE = "make run MODEL=path.gguf"


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file with the mark in the place of the built-in one."""
    path = write_tiny_gguf(tmp_path / "hearth-demo.gguf", name="Hearth demo", demo=True)
    monkeypatch.setattr(builtin, "FILE", path)
    return path


def deploy(*words: str) -> str:
    out = io.StringIO()
    call_command("deploy_model", *words, stdout=out)
    return out.getvalue().strip()


def hosted() -> Deployment:
    return Deployment.objects.get(enabled=True)


def test_the_mark_is_read_from_the_file(file: Path, tmp_path: Path) -> None:
    assert read_header(str(file)).demo
    assert not read_header(str(write_tiny_gguf(tmp_path / "plain.gguf"))).demo


def test_it_is_hosted_greedy_and_short_with_eight_slots(file: Path) -> None:
    assert deploy("--builtin") == "Model      Hearth demo"
    made = hosted()
    assert (made.name, made.path, made.demo) == ("Hearth demo", str(file), True)
    assert (made.temperature, made.max_tokens, made.context, made.slots) == (0.0, 400, 1024, 8)


def test_its_context_is_no_longer_than_the_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(builtin, "FILE", write_tiny_gguf(tmp_path / "short.gguf", context=256, demo=True))
    deploy("--builtin")
    assert hosted().context == 256


def test_what_an_administrator_has_set_stays(file: Path) -> None:
    deploy("--builtin", "--slots", "2")
    Deployment.objects.update(max_tokens=50)
    deploy("--builtin")
    assert (hosted().slots, hosted().max_tokens) == (2, 50)


def test_without_a_choice_it_is_hosted_and_a_choice_stays(file: Path, tmp_path: Path) -> None:
    assert deploy("--builtin", "--unless-chosen") == "Model      Hearth demo"
    deploy("--path", str(write_tiny_gguf(tmp_path / "chosen.gguf")))
    assert not hosted().demo
    assert deploy("--builtin", "--unless-chosen") == "Model      chosen"
    assert hosted().name == "chosen"
    assert deploy("--builtin") == "Model      Hearth demo"


def test_after_the_tree_has_moved_it_is_hosted_from_its_new_place(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deploy("--builtin")
    (tmp_path / "moved").mkdir()
    monkeypatch.setattr(builtin, "FILE", file.rename(tmp_path / "moved" / file.name))
    deploy("--builtin", "--unless-chosen")
    assert hosted().path == str(tmp_path / "moved" / file.name)


def test_a_tree_without_it_starts_with_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(builtin, "FILE", tmp_path / "nowhere.gguf")
    missing = "The built-in model cannot be hosted: The file does not exist."
    said = deploy("--builtin", "--unless-chosen")
    assert said == f"Model      none. {missing} Another is chosen with {ADVICE}"
    with pytest.raises(CommandError, match=missing):
        deploy("--builtin")
    assert not Deployment.objects.exists()


def test_a_path_or_the_builtin_not_both_and_not_neither() -> None:
    for words in ([], ["--builtin", "--path", "a.gguf"]):
        with pytest.raises(CommandError, match=r"--path|--builtin"):
            deploy(*words)


def page(client: Client, user: User, at: str = "") -> str:
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client.get(at or reverse("chat:home")).content.decode()


@pytest.mark.parametrize(
    ("role", "advice"),
    [(User.Role.ADMIN, ADVICE), (User.Role.MEMBER, "An administrator of your organisation can add a larger one.")],
)
def test_an_empty_chat_says_that_it_is_a_demo(client: Client, role: str, advice: str) -> None:
    make_deployment(name="Hearth demo", demo=True)
    shown = page(client, make_user(role=role))
    assert "This is the small built-in demo model." in shown
    assert advice in shown
    assert "Hearth demo · demo" in shown


@pytest.mark.usefixtures("clean_redis")
@pytest.mark.parametrize("demo", [True, False])
def test_each_of_its_answers_is_tagged_and_no_other(client: Client, demo: bool) -> None:
    ada = make_user()
    generation = asked(ada, deployment=make_deployment(demo=demo))
    shown = page(client, ada, generation.message.conversation.get_absolute_url())
    assert ('<span class="tag">demo</span>' in shown) is demo
    assert ("small built-in demo model" in page(client, ada)) is demo
    assert Generation.objects.for_housekeeping().count() == 1
