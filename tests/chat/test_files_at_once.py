"""Files that come, and go, at the same moment: the bytes are there where a row says so, and once."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from factories import asked, make_deployment, make_user
from house import eventually

from chat import files
from chat.files import Sent, path_of
from chat.models import Attachment, File

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("clean_redis")]
NOTES = Sent("notes.md", b"# Oak\nburns slowly\n")


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.FILES = tmp_path / "files"
    return tmp_path / "files"


def count_of(folder: Path) -> int:
    return len([file for file in folder.rglob("*") if file.is_file()])


def test_the_same_bytes_sent_four_times_at_one_moment_are_one_file(folder: Path) -> None:
    ada, deployment = make_user(), make_deployment()

    def send(number: int) -> str:
        try:
            return str(asked(ada, f"{number}?", deployment=deployment, sent=[NOTES, Sent("b.md", b"more")]).pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(send, range(4)))) == 4
    assert File.objects.for_housekeeping().count() == count_of(folder) == 2
    assert Attachment.objects.for_housekeeping().count() == 8


def test_a_file_that_is_purged_while_its_bytes_come_again_is_kept_anew(folder: Path) -> None:
    ada, deployment = make_user(), make_deployment()
    asked(ada, deployment=deployment, sent=[NOTES])
    old = Attachment.objects.for_housekeeping().get()

    def send() -> None:
        try:
            asked(ada, "Again?", deployment=deployment, sent=[NOTES])
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            File.objects.for_housekeeping().select_for_update().get()
            waiting = pool.submit(send)
            eventually(somebody_waits, what="waiting for the row")
            Attachment.objects.for_housekeeping().delete()
            File.objects.for_housekeeping().delete()
        files.remove(old.file_id)
        waiting.result(timeout=20)
    new = Attachment.objects.for_housekeeping().get()
    assert new.file_id != old.file_id
    assert path_of(new.file_id).read_bytes() == NOTES.data
    assert count_of(folder) == 1


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])
