"""What lies in the folder of models is found, read, hashed, and must stay what it was."""

import os
from pathlib import Path
from typing import Any

import gguf
import pytest
from acts_of_models import LATER, look
from factories import make_deployment, make_owner, make_user
from tiny_gguf import write_tiny_gguf, write_tiny_lora

from accounts.authority import Refused
from accounts.refusal import Refusal
from audit.models import Entry
from models_admin import builtin, cards, folder, hashing, listing, registry
from models_admin.actions import deploy
from models_admin.engine.header import sha256_of
from models_admin.models import Deployment, ModelFile
from models_admin.seat import spec_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_redis")]


@pytest.fixture
def models(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, and no built-in model."""
    settings.MODELS = tmp_path / "models"
    settings.MODELS.mkdir()
    monkeypatch.setattr(builtin, "FILE", tmp_path / "no.gguf")
    return Path(settings.MODELS)


def verbs_since(seq: int = 0) -> list[str]:
    return list(
        Entry.objects.filter(seq__gt=seq, verb__startswith="models.").order_by("seq").values_list("verb", flat=True)
    )


def the_file() -> ModelFile:
    return ModelFile.objects.get()


def say_more(writer: gguf.GGUFWriter) -> None:
    writer.add_license("apache-2.0")
    writer.add_languages(["en", "fi"])
    writer.add_author("Aalto")


def test_a_file_in_the_folder_is_found_read_and_hashed(models: Path) -> None:
    path = write_tiny_gguf(models / "tiny.gguf", name="Tiny One", add=say_more)
    registry.scan(now=LATER)
    file = the_file()
    assert (file.state, file.sha256, file.name, file.path) == ("found", "", "Tiny One", str(path.resolve()))
    hashing.hash_waiting()
    file = the_file()
    assert (file.state, file.sha256, file.hashed) == ("ready", sha256_of(str(path)), path.stat().st_size)
    assert (file.architecture, file.quantisation, file.context, file.layers) == ("llama", "F32", 2048, 2)
    assert (file.licence, file.languages, file.author) == ("apache-2.0", ["en", "fi"], "Aalto")
    assert (file.has_template, file.tokenizer, file.parts, file.kind) == (True, "gpt2 qwen2", 1, "model")
    assert verbs_since() == ["models.registered"]


def test_looking_again_at_what_has_not_changed_reads_nothing(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_tiny_gguf(models / "tiny.gguf")
    look()
    monkeypatch.setattr(registry, "read_header", None)
    monkeypatch.setattr(hashing, "sha256_with", None)
    look()
    assert the_file().state == "ready"


def test_what_is_still_being_written_waits_until_it_rests(models: Path) -> None:
    path = write_tiny_gguf(models / "tiny.gguf")
    now = path.stat().st_mtime
    assert registry.scan(now=now + 0.5)
    assert not ModelFile.objects.exists()
    assert not registry.scan(now=now + 3)
    assert the_file().state == "found"


def test_the_parts_of_a_split_model_are_one_with_one_hash(models: Path) -> None:
    first = write_tiny_gguf(models / "split.gguf", split=8)
    look()
    file = the_file()
    assert file.path == str(first.resolve())
    assert file.parts == len(list(models.glob("*.gguf")))
    assert file.size == sum(part.stat().st_size for part in models.glob("*.gguf"))
    assert (file.state, file.sha256) == ("ready", sha256_of(str(first)))


def test_a_part_that_is_missing_is_the_reason_until_it_comes(models: Path, tmp_path: Path) -> None:
    write_tiny_gguf(models / "split.gguf", split=8)
    last = sorted(models.glob("*.gguf"))[-1]
    last.rename(tmp_path / last.name)
    look()
    assert the_file().state == "refused"
    assert "is missing" in the_file().reason
    (tmp_path / last.name).rename(last)
    look()
    assert the_file().state == "ready"


HANGING = "{% for a in range(90000) %}" * 3 + "{% endfor %}" * 3


@pytest.mark.parametrize(
    ("write", "reason"),
    [
        (lambda path: path.write_bytes(b"no model"), "GGUF"),
        (lambda path: write_tiny_lora(path, kind="control_vector"), "an adapter of another kind"),
        (lambda path: write_tiny_gguf(path, template="{{ ''.__class__.__mro__ }}{% if %}"), "chat template"),
        (lambda path: write_tiny_gguf(path, template="{{ messages[0].__class__.__mro__[1].x() }}"), "chat template"),
    ],
)
def test_what_is_no_model_is_refused_with_its_reason(models: Path, write: Any, reason: str) -> None:
    write(models / "bad.gguf")
    look()
    look()
    assert the_file().state == "refused"
    assert reason in the_file().reason
    assert verbs_since() == ["models.file_refused"]
    write_tiny_gguf(models / "bad.gguf")
    look()
    assert the_file().state == "ready"


def test_an_adapter_is_registered_as_one_and_is_no_model_to_deploy(models: Path) -> None:
    write_tiny_lora(models / "style.gguf")
    look()
    file = the_file()
    assert (file.state, file.kind, file.architecture) == ("ready", "adapter", "llama")
    assert verbs_since() == ["models.registered"]
    assert not listing.deployable().exists()


def test_a_template_without_an_end_is_refused(models: Path) -> None:
    write_tiny_gguf(models / "bad.gguf", template=HANGING)
    look()
    assert the_file().state == "refused"
    assert "chat template" in the_file().reason


def test_another_file_in_its_place_is_not_the_one_that_was_registered(models: Path) -> None:
    path = write_tiny_gguf(models / "tiny.gguf")
    look()
    registered = the_file().sha256
    for _ in range(2):
        write_tiny_gguf(path, seed=2)
        os.utime(path, (5, 5 + _))
        look()
        assert (the_file().state, the_file().reason) == ("refused", "It is not the file that was registered.")
        assert the_file().sha256 == registered, "a host that loads it is told what it must be"
    write_tiny_gguf(path)
    os.utime(path, (9, 9))
    look()
    assert (the_file().state, the_file().sha256) == ("ready", registered)
    assert verbs_since() == ["models.registered", *["models.file_changed"] * 2, "models.file_came_back"]


def test_a_file_of_another_size_is_refused_without_being_hashed(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_tiny_gguf(models / "tiny.gguf")
    look()
    monkeypatch.setattr(hashing, "sha256_with", None)
    write_tiny_gguf(path, layers=1)
    look()
    assert the_file().state == "refused"


def test_what_is_gone_comes_back_when_it_comes_back_unchanged(models: Path, tmp_path: Path) -> None:
    path = write_tiny_gguf(models / "tiny.gguf")
    look()
    path.rename(tmp_path / "away")
    look()
    look()
    assert (the_file().state, the_file().reason) == ("gone", "The file is no longer there.")
    (tmp_path / "away").rename(path)
    look()
    assert the_file().state == "ready"
    path.unlink()
    look()
    write_tiny_gguf(path, seed=3)
    look()
    assert the_file().state == "refused"
    assert verbs_since() == [
        *("models.registered", "models.file_gone", "models.file_came_back", "models.file_gone", "models.file_changed")
    ]


def test_what_was_never_registered_leaves_nothing_behind(models: Path) -> None:
    (models / "bad.gguf").write_bytes(b"nothing")
    look()
    (models / "bad.gguf").unlink()
    look()
    assert not ModelFile.objects.exists()


def test_nothing_outside_the_folder_is_found(models: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    write_tiny_gguf(outside / "away.gguf")
    (models / "link.gguf").symlink_to(outside / "away.gguf")
    (models / "folder").symlink_to(outside)
    (models / ".incoming-x.gguf").write_bytes(b"")
    (models / "deep").mkdir()
    inside = write_tiny_gguf(models / "deep" / "tiny.gguf")
    assert folder.found() == [inside.resolve()]


def test_the_builtin_file_is_registered_and_a_newer_one_after_an_upgrade_too(models: Path) -> None:
    write_tiny_gguf(builtin.FILE, demo=True)
    look()
    file = the_file()
    assert (file.state, file.demo) == ("ready", True)
    write_tiny_gguf(builtin.FILE, seed=4, demo=True)
    assert registry.expected(file) == "", "it is as trusted as the code that it came with"
    look()
    assert (the_file().state, the_file().sha256) == ("ready", sha256_of(str(builtin.FILE)))


def test_a_hash_that_was_broken_off_is_taken_by_the_next(models: Path) -> None:
    write_tiny_gguf(models / "tiny.gguf")
    registry.scan(now=LATER)
    hashing.hash_waiting(stopping=lambda: True)
    assert the_file().state == "found"
    ModelFile.objects.update(state="hashing", hashed=7)
    hashing.hash_waiting()
    assert the_file().state == "ready"


def test_progress_is_told_and_a_worker_that_ends_lets_go(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_tiny_gguf(models / "tiny.gguf")
    registry.scan(now=LATER)
    monkeypatch.setattr(hashing, "TELL_SECONDS", -1)
    monkeypatch.setattr(hashing, "PIECE", path.stat().st_size // 3)
    told: list[int] = []

    def stopping() -> bool:
        told.append(the_file().hashed)
        return len(told) > 2

    hashing.hash_waiting(stopping=stopping)
    assert told[:3] == [0, path.stat().st_size // 3, 2 * (path.stat().st_size // 3)]
    assert (the_file().state, the_file().hashed) == ("found", 0)


def test_a_file_that_changes_while_it_is_hashed_is_read_anew(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_tiny_gguf(models / "tiny.gguf")
    registry.scan(now=LATER)
    taken = hashing.sha256_with

    def slow(file: Path, tell: Any) -> str:
        sha256 = taken(file, tell)
        write_tiny_gguf(path, seed=5)
        os.utime(path, (7, 7))
        return sha256

    monkeypatch.setattr(hashing, "sha256_with", slow)
    hashing.hash_waiting()
    assert (the_file().state, the_file().mark) == ("found", "")
    monkeypatch.setattr(hashing, "sha256_with", taken)
    look()
    assert (the_file().state, the_file().sha256) == ("ready", sha256_of(str(path)))


def test_what_an_operator_deploys_is_registered_and_checked_at_load(models: Path, tmp_path: Path) -> None:
    path = write_tiny_gguf(tmp_path / "elsewhere.gguf")
    deployment = deploy(path, name="Elsewhere")
    assert (deployment.model, spec_of(deployment).sha256) == (the_file(), "")
    look()
    deployment = Deployment.objects.get()
    assert spec_of(deployment).sha256 == sha256_of(str(path))
    write_tiny_gguf(path, seed=6)
    look()
    assert spec_of(Deployment.objects.get()).sha256 != sha256_of(str(path)), "another file is not loaded"
    deploy(path, name="Elsewhere")
    look()
    assert spec_of(Deployment.objects.get()).sha256 == sha256_of(str(path)), "who names it on the server means it"


def test_the_stub_is_no_file(models: Path) -> None:
    deployment = deploy(Path("stub:?words=1"), name="Stub")
    assert (deployment.model, spec_of(deployment).sha256) == (None, "")


def test_a_changed_file_is_registered_anew_when_somebody_says_so(models: Path) -> None:
    path = write_tiny_gguf(models / "tiny.gguf")
    look()
    with pytest.raises(Refusal, match="has not changed"):
        cards.accept(the_file(), by=make_owner())
    write_tiny_gguf(path, seed=7)
    look()
    cards.accept(the_file(), by=make_owner())
    look()
    assert (the_file().state, the_file().sha256) == ("ready", sha256_of(str(path)))


def test_a_gone_file_is_forgotten_unless_it_is_deployed(models: Path) -> None:
    path = write_tiny_gguf(models / "tiny.gguf")
    look()
    deployment = make_deployment(str(path), name="Tiny", model=the_file())
    with pytest.raises(Refusal):
        cards.forget(the_file(), by=make_owner())
    path.unlink()
    look()
    with pytest.raises(Refusal):
        cards.forget(the_file(), by=make_owner())
    deployment.delete()
    cards.forget(the_file(), by=make_owner())
    assert not ModelFile.objects.exists()


def test_a_card_says_what_administrators_write_and_its_mark_reaches_the_picker(models: Path) -> None:
    path = write_tiny_gguf(models / "tiny.gguf")
    look()
    deployment = make_deployment(str(path), name="Tiny", model=the_file())
    cards.change_card(the_file(), {"limits": "It invents.", "demo": True}, by=make_owner())
    assert (the_file().limits, the_file().demo) == ("It invents.", True)
    assert Deployment.objects.get(pk=deployment.pk).demo
    with pytest.raises(Refused):
        cards.change_card(the_file(), {"limits": "None."}, by=make_user())


def test_a_deprecated_model_names_its_replacement(models: Path) -> None:
    write_tiny_gguf(models / "old.gguf"), write_tiny_gguf(models / "new.gguf", seed=1)
    look()
    old, new = (ModelFile.objects.get(path__endswith=name) for name in ("old.gguf", "new.gguf"))
    with pytest.raises(Refusal, match="does not replace itself"):
        cards.deprecate(old, deprecated=True, replacement=old, by=make_owner())
    cards.deprecate(old, deprecated=True, replacement=new, by=make_owner())
    old.refresh_from_db()
    assert (old.deprecated, old.replacement) == (True, new)
    cards.deprecate(old, deprecated=False, replacement=new, by=make_owner())
    old.refresh_from_db()
    assert (old.deprecated, old.replacement) == (False, None)


def test_only_what_is_ready_is_offered_for_deployment(models: Path) -> None:
    write_tiny_gguf(models / "old.gguf"), write_tiny_gguf(models / "new.gguf", seed=1)
    (models / "bad.gguf").write_bytes(b"no model")
    look()
    old = ModelFile.objects.get(path__endswith="old.gguf")
    cards.deprecate(old, deprecated=True, by=make_owner())
    assert [file.file for file in listing.deployable()] == ["new.gguf", "old.gguf"]
    write_tiny_gguf(models / "new.gguf", seed=2)
    registry.scan(now=LATER)
    assert [file.file for file in listing.deployable()] == ["old.gguf"], "not while it is hashed anew"
