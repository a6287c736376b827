"""Uploads piece by piece: what is there stays there, and nothing gets in that does not belong."""

import os
import shutil
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from acts_of_models import look
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from factories import make_owner, make_user
from tiny_gguf import write_tiny_gguf

from accounts import pieces
from accounts.authority import Refused
from accounts.models import User
from accounts.refusal import Refusal
from models_admin import builtin, uploading
from models_admin.models import ModelFile, Upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_redis")]
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def models(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, and no built-in model."""
    settings.MODELS = tmp_path / "models"
    monkeypatch.setattr(builtin, "FILE", tmp_path / "no.gguf")
    return Path(settings.MODELS)


def begun(size: int = 10, name: str = "a.gguf", by: User | None = None) -> Upload:
    return uploading.begin(name=name, size=size, by=by or make_owner())


def take(upload: Upload, start: int, content: bytes) -> Upload:
    return uploading.take(upload, start=start, body=BytesIO(content), length=len(content))


def test_a_file_comes_in_pieces_and_lies_in_the_folder_when_it_is_whole(models: Path, tmp_path: Path) -> None:
    content = write_tiny_gguf(tmp_path / "tiny.gguf").read_bytes()
    upload = begun(len(content))
    take(upload, 0, content[:1000])
    assert not (models / "a.gguf").exists()
    assert uploading.incoming(upload.pk).stat().st_size == 1000
    take(upload, 1000, content[1000:])
    assert (models / "a.gguf").read_bytes() == content
    assert not Upload.objects.exists()
    assert list(models.iterdir()) == [models / "a.gguf"]
    look()
    file = ModelFile.objects.get()
    assert (file.state, file.added_by) == ("ready", make_owner().pk)


def test_a_piece_that_does_not_begin_where_the_file_ends_is_not_written(models: Path) -> None:
    upload = begun()
    take(upload, 0, b"0123")
    for start in (0, 3, 5, 10):
        with pytest.raises(pieces.Misplaced):
            take(upload, start, b"45")
    with pytest.raises(pieces.Misplaced):
        take(upload, 4, b"4567890")
    assert uploading.incoming(upload.pk).read_bytes() == b"0123"


def test_a_piece_that_is_cut_off_is_as_if_it_had_never_come(models: Path) -> None:
    upload = begun()
    with pytest.raises(pieces.Misplaced):
        uploading.take(upload, start=0, body=BytesIO(b"012"), length=5)
    upload.refresh_from_db()
    assert uploading.received(upload) == 0
    assert take(upload, 0, b"01234").received == 5


def test_what_the_disk_has_lost_is_asked_for_again(models: Path) -> None:
    upload = take(begun(), 0, b"012345")
    os.truncate(uploading.incoming(upload.pk), 2)
    assert uploading.received(upload) == 2
    assert take(upload, 2, b"xy").received == 4
    os.unlink(uploading.incoming(upload.pk))
    assert uploading.received(upload) == 0


def test_bytes_of_which_the_row_knows_nothing_are_written_over(models: Path) -> None:
    upload = take(begun(), 0, b"0123")
    with uploading.incoming(upload.pk).open("ab") as file:
        file.write(b"half a piece")
    take(upload, 4, b"45")
    assert uploading.incoming(upload.pk).read_bytes() == b"012345"


def test_the_same_name_and_size_go_on_and_anything_else_is_refused(models: Path) -> None:
    olga, other = make_owner(), make_user("omar@example.org", role=User.Role.ADMIN)
    upload = begun(by=olga)
    assert begun(by=olga) == upload
    for size, by in ((11, olga), (10, other)):
        with pytest.raises(Refusal, match="is being uploaded already"):
            begun(size, by=by)
    (models / "b.gguf").write_bytes(b"")
    with pytest.raises(Refusal, match="There is a file of this name"):
        begun(name="b.gguf")


@pytest.mark.parametrize(
    "name",
    [
        "../a.gguf",
        "a/b.gguf",
        ".a.gguf",
        "a.gguf\n",
        "a.bin",
        "ä.gguf",
        "",
        f"{'a' * 200}.gguf",
        "a\0.gguf",
        "a b.gguf",
    ],
)
def test_a_name_is_a_plain_name(models: Path, name: str) -> None:
    with pytest.raises(Refusal, match=r"must end in \.gguf"):
        begun(name=name)


def test_what_is_too_large_for_us_or_for_the_disk_is_refused_before_it_is_sent(
    models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Refusal, match="at most 100 GB"):
        begun(100 * 10**9 + 1)
    with pytest.raises(Refusal, match="is empty"):
        begun(0)
    usage = type(shutil.disk_usage("/"))
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(10**12, 0, pieces.RESERVE + 5 * 10**9))
    begun(3 * 10**9)
    with pytest.raises(Refusal, match=r"room for 2\.0 GB, and this file takes 2\.5 GB"):
        begun(5 * 10**8 * 5, name="b.gguf")


def test_a_disk_that_is_full_is_told_and_nothing_is_lost(models: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    upload = take(begun(), 0, b"0123")

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Refusal, match="No space left on device"):
        take(upload, 4, b"4567")
    upload.refresh_from_db()
    assert uploading.received(upload) == 4


def test_a_file_that_is_there_already_is_never_replaced(models: Path) -> None:
    upload = begun(4)
    (models / "a.gguf").write_bytes(b"mine")
    with pytest.raises(Refusal, match="There is a file of this name"):
        take(upload, 0, b"GGUF")
    assert (models / "a.gguf").read_bytes() == b"mine"


def test_only_who_manages_models_uploads(models: Path) -> None:
    with pytest.raises(Refused):
        begun(by=make_user())


def test_what_nobody_goes_on_with_goes_after_a_day(models: Path) -> None:
    fresh, old = begun(), begun(name="b.gguf")
    Upload.objects.filter(pk=old.pk).update(heard_at=timezone.now() - uploading.LIFE)
    stray = models / f".incoming-{uuid4()}"
    stray.write_bytes(b"lost")
    os.utime(stray, (5, 5))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.db.transaction.on_commit", lambda run, **_: run())
        uploading.drop_abandoned()
    assert list(Upload.objects.all()) == [fresh]
    assert list(models.iterdir()) == [uploading.incoming(fresh.pk)]


def test_daphne_lets_long_bodies_in_for_pieces_of_an_upload_alone(models: Path) -> None:
    upload, other = begun(), begun(name="b.gguf")
    path, token = reverse("models_admin:piece", args=[upload.pk]), uploading.token_of(upload)
    assert uploading.allowance(path, token) == pieces.PIECE
    assert uploading.allowance(reverse("models_admin:piece", args=[other.pk]), token) == 0
    for wrong in ("/", "/chats/", f"{path}cancel/", f"{path}?more", path.upper()):
        assert uploading.allowance(wrong, token) == 0
    for wrong in ("", token[:-1], token + "x", str(upload.pk), "é"):
        assert uploading.allowance(path, wrong) == 0


def door(upload: Upload) -> str:
    return reverse("models_admin:piece", args=[upload.pk])


def put(client: Client, upload: Upload, content: bytes, said: str) -> Any:
    return client.put(door(upload), content, content_type="application/octet-stream", headers={"Content-Range": said})


def test_the_door_takes_pieces_and_says_how_much_is_there(models: Path, client: Client) -> None:
    client.force_login(make_owner(), backend=BACKEND)
    begun_ = client.post(reverse("models_admin:begin_upload"), {"name": "a.gguf", "size": "6"}).json()
    upload = Upload.objects.get()
    assert begun_ == {
        "received": 0,
        "size": 6,
        "whole": False,
        "address": door(upload),
        "token": begun_["token"],
        "piece": pieces.PIECE,
    }
    assert put(client, upload, b"GGUF", "bytes 0-3/6").json() == {"received": 4, "size": 6, "whole": False}
    again = put(client, upload, b"GGUF", "bytes 0-3/6")
    assert (again.status_code, again.json()["received"]) == (409, 4)
    assert client.get(door(upload)).json()["received"] == 4
    assert put(client, upload, b"..", "bytes 4-5/6").json() == {"received": 6, "size": 6, "whole": True}
    assert (models / "a.gguf").read_bytes() == b"GGUF.."


@pytest.mark.parametrize(
    "said", ["", "bytes 0-3/7", "bytes 3-0/6", "bytes */6", f"bytes 0-{pieces.PIECE}/6", "lines 0-3/6"]
)
def test_a_piece_that_does_not_say_where_it_belongs_is_refused(models: Path, client: Client, said: str) -> None:
    client.force_login(make_owner(), backend=BACKEND)
    response = put(client, upload := begun(6), b"GGUF", said)
    assert (response.status_code, response.json()["why"]) == (
        400,
        "This piece does not say where it belongs. Load the page once more.",
    )
    assert uploading.received(upload) == 0


def test_a_reason_is_told_as_a_sentence(models: Path, client: Client) -> None:
    client.force_login(make_owner(), backend=BACKEND)
    for form, why in (
        ({"name": "a.exe", "size": "6"}, "must end in .gguf"),
        ({"name": "a.gguf", "size": "x"}, "empty"),
    ):
        response = client.post(reverse("models_admin:begin_upload"), form)
        assert response.status_code == 409
        assert why in response.json()["why"]


def test_an_upload_of_somebody_else_is_not_there(models: Path, client: Client) -> None:
    upload = begun(by=make_user("omar@example.org", role=User.Role.ADMIN))
    client.force_login(make_owner(), backend=BACKEND)
    assert client.get(door(upload)).status_code == 404
    assert put(client, upload, b"GGUF", "bytes 0-3/10").status_code == 404
    assert client.post(f"{door(upload)}cancel/").status_code == 404


def test_an_upload_is_cancelled_with_its_bytes(
    models: Path, client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    upload = begun()
    client.force_login(make_owner(), backend=BACKEND)
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(f"{door(upload)}cancel/").status_code == 302
    assert not Upload.objects.exists()
    assert list(models.iterdir()) == []
