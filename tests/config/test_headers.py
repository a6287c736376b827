"""Every response carries the policy (B3), and the shipped settings pass Django's own check."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client
from factories import asked, make_user

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
SELF = ("script-src", "style-src", "img-src", "font-src")
NONE = ("default-src", "object-src", "base-uri", "frame-ancestors")


def check(response: object) -> None:
    headers = response.headers  # type: ignore[attr-defined]
    policy = {part.split()[0]: part.split()[1:] for part in headers["Content-Security-Policy"].split("; ") if part}
    assert {name: policy[name] for name in SELF} == {key: ["'self'"] for key in SELF}
    assert {name: policy[name] for name in NONE} == {key: ["'none'"] for key in NONE}
    assert all(source == "'self'" or source.startswith("ws") for source in policy["connect-src"])
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert headers["Permissions-Policy"]


def test_pages_refusals_errors_and_static_files_carry_the_policy(client: Client) -> None:
    ada = make_user()
    generation = asked(ada)
    paths = ["/account/login/", "/nowhere/", "/setup/forged/", "/static/hearth/css/hearth.css", "/account/signup/"]
    for path in paths:
        check(client.get(path, secure=True))
    check(client.post("/chats/", secure=True))
    client.force_login(ada, backend="allauth.account.auth_backends.AuthenticationBackend")
    for path in ("/", generation.message.conversation.get_absolute_url(), "/sidebar/", "/sidebar/?page=x"):
        check(client.get(path, secure=True))
    check(client.get("/chats/", secure=True))
    check(client.post("/chats/", {"text": ""}, secure=True))


def test_a_broken_page_carries_the_policy_too(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    client.raise_request_exception = False
    client.force_login(make_user(), backend="allauth.account.auth_backends.AuthenticationBackend")
    monkeypatch.setattr("chat.queries.sidebar_of", lambda *args, **kwargs: 1 / 0)
    response = client.get("/", secure=True)
    assert response.status_code == 500
    check(response)


def test_pages_are_kept_by_no_cache(client: Client) -> None:
    client.force_login(make_user(), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert "no-store" in client.get("/").headers["Cache-Control"]


def test_templates_have_no_inline_script_style_or_handler() -> None:
    import re

    for file in (ROOT / "templates").rglob("*.html"):
        text = file.read_text()
        assert not re.search(r"<script(?![^>]*\bsrc=)", text), file
        assert not re.search(r"<style|\sstyle=|\son\w+=", text), file


@pytest.mark.slow
def test_the_shipped_settings_pass_the_deployment_check() -> None:
    env = os.environ | {"HEARTH_ORIGINS": "https://chat.example.org", "HEARTH_ROLE": "web"}
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
