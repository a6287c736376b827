"""What a browser loads before the chat page works is light. Formulas and colours come when they are needed."""

import gzip
import re
from pathlib import Path

import pytest
from django.test import Client
from factories import asked, make_user
from house import ROOT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_redis")]
MOST = 150_000  # bytes, compressed
STATIC = ROOT / "static"
IMPORT = re.compile(r"""(?:^|[;}\n])\s*(?:import|export)\s*(?:[\w*{][^'"();]*?from\s*)?["'](\.[^"']+)["']""")


def followed(script: Path, seen: set[Path]) -> set[Path]:
    """Return a module with all that it imports at once; what it imports later, by a call, is left out."""
    if script in seen:
        return seen
    seen.add(script)
    for address in IMPORT.findall(script.read_text()):
        followed((script.parent / address).resolve(), seen)
    return seen


def loaded_by(page: str) -> set[Path]:
    """Return the files that a page asks for before it works."""
    head = page[: page.index("</head>")]
    linked = re.findall(r'(?:<link rel="stylesheet"\s+href|<script[^>]*?\ssrc)="/static/([^"]+)"', head)
    found: set[Path] = set()
    for name in linked:
        file = STATIC / name
        found |= followed(file, set()) if name.endswith("js") else {file}
    return found


def test_the_chat_page_is_light(client: Client) -> None:
    user = make_user()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(asked(user).message.conversation.get_absolute_url()).content.decode()
    files = loaded_by(page)
    names = {file.name for file in files}
    assert {"page.js", "markdown.js", "shell.js", "shortcuts.js", "hearth.css", "markdown-it.mjs"} <= names
    assert not names & {"katex.mjs", "highlight.mjs", "palette.js", "keys.js", "finding.css"}
    weights = {file.name: len(gzip.compress(file.read_bytes(), 6)) for file in files}
    assert sum(weights.values()) <= MOST, sorted(weights.items(), key=lambda row: -row[1])
