"""An act whose entry cannot be written does not happen, and whoever acted is told."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from factories import PASSWORD, asked, make_deployment, make_user

from accounts import actions as accounts
from accounts.models import SetupLink, User
from audit.actions import Unwritten
from chat import actions as chat
from chat.models import Conversation
from models_admin import actions as models_admin
from models_admin import placing
from models_admin.models import Deployment

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_redis")]
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def full() -> Callable[[], None]:
    """Makes every further entry fail, as a full disk would."""

    def fill() -> None:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE audit_entry ADD CONSTRAINT full_disk CHECK (false) NOT VALID")

    return fill


ACTS: dict[str, Callable[[User], object]] = {
    "deactivate": accounts.deactivate,
    "add a person": lambda _: accounts.add_person(email="bob@example.org", password=PASSWORD),
    "change a password": lambda ada: accounts.change_password(ada, password="another long passphrase"),
    "make a link": lambda _: accounts.make_setup_link(now=timezone.now()),
    "deploy": lambda _: models_admin.deploy(Path("/models/other.gguf"), name="Other"),
    "refuse a model": lambda _: placing.refused(make_deployment(), "It is too big."),
    "delete": lambda ada: chat.delete(Conversation.objects.for_housekeeping().get(owner=ada)),
}


def state() -> list[object]:
    return [
        list(User.objects.order_by("pk").values("email", "is_active", "password")),
        list(Deployment.objects.order_by("pk").values("path", "enabled", "state", "reason")),
        list(Conversation.objects.for_housekeeping().order_by("pk").values("title", "deleted_at")),
        SetupLink.objects.count(),
    ]


@pytest.mark.parametrize("name", ACTS)
def test_an_act_without_its_entry_is_taken_back(name: str, full: Callable[[], None]) -> None:
    ada = make_user()
    asked(ada)
    full()
    before = state()
    with pytest.raises(Unwritten), transaction.atomic():
        ACTS[name](ada)
    assert state() == before


def test_a_person_is_told_and_the_chat_is_still_there(client: Client, full: Callable[[], None]) -> None:
    ada = make_user()
    conversation = asked(ada).message.conversation
    client.force_login(ada, backend=BACKEND)
    client.raise_request_exception = False
    full()
    response = client.post(reverse("chat:delete", args=[conversation.pk]))
    assert (response.status_code, response["Retry-After"]) == (503, "5")
    assert "The audit log could not be written, so nothing was changed." in " ".join(response.content.decode().split())
    conversation.refresh_from_db()
    assert conversation.deleted_at is None


def test_nobody_signs_in_without_an_entry(client: Client, full: Callable[[], None]) -> None:
    ada = make_user()
    client.raise_request_exception = False
    full()
    response = client.post("/account/login/", {"login": ada.email, "password": PASSWORD})
    assert response.status_code == 503
    assert client.get("/").status_code == 302, "still a stranger"


def test_nobody_signs_out_without_an_entry(client: Client, full: Callable[[], None]) -> None:
    client.force_login(make_user(), backend=BACKEND)
    client.raise_request_exception = False
    full()
    assert client.post("/account/logout/").status_code == 503
    assert client.get("/").status_code == 200
