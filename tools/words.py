"""The catalogues of words: `make words` finds what is to be translated, `tools.words compile` makes what Django reads.

A catalogue (`locale/de/LC_MESSAGES/django.po`, and `djangojs.po` for scripts) holds exactly the words of the sources,
sorted and without line numbers, so that a change of it shows what was said before and is said now.
"""

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
PLURALS = {"de": "nplurals=2; plural=(n != 1);", "fr": "nplurals=2; plural=(n > 1);"}
PYTHON = ("platform", "models_admin", "prompts", "chat", "sharing", "moving", "finding", "health", "backup", "egress")
IN_PYTHON = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
}
IN_SCRIPTS = {"t": None, "many": (1, 2)}
HEADER = (
    'msgid ""\nmsgstr ""\n"Language: {language}\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    '"Content-Transfer-Encoding: 8bit\\n"\n"Plural-Forms: {plurals}\\n"\n\n'
)

Key = tuple[str | tuple[str, ...], str | None]  # one sentence, or two by a count; and where it stands


def _texts() -> Iterator[tuple[str, Path]]:
    for folder in PYTHON:
        yield from (("python", path) for path in (ROOT / folder).rglob("*.py") if "migrations" not in path.parts)
    yield from (("template", path) for path in (ROOT / "templates").rglob("*.*"))


def _of_template(path: Path) -> str:
    """Return a template as the Python that Django makes of it. Between brackets its indentation says nothing."""
    from django.utils.translation.template import templatize

    return f"(\n{templatize(path.read_text(), origin=str(path))}\n)"


def _of_verbs() -> Iterator[Key]:
    """Yield what pages say of each verb of the audit log: its first sentence."""
    sys.path.insert(0, str(ROOT / "platform"))
    from audit.verbs import VERBS

    return ((verb.sentence, None) for verb in VERBS.values())


def _stored() -> Iterator[Key]:
    """Yield what is stored of answers in English, and comes to scripts as it is."""
    for path in (ROOT / "chat").glob("*.py"):
        for _, found, _, context in extract("python", io.BytesIO(path.read_bytes()), {"gettext_noop": None}):
            yield found, context


def _of_text(kind: str, path: Path) -> Iterator[Key]:
    text = path.read_text() if kind == "python" else _of_template(path)
    for _, found, _, context in extract("python", io.BytesIO(text.encode()), IN_PYTHON):
        yield found, context


def _of_script(path: Path) -> Iterator[Key]:
    with path.open("rb") as file:
        for _, found, _, context in extract("javascript", file, IN_SCRIPTS):
            yield found, context


def found(domain: str) -> set[Key]:
    """Return what the sources say that is to be translated: `django` for pages and Python, `djangojs` for scripts."""
    if domain == "djangojs":
        return {key for path in (ROOT / "static/hearth/js").glob("*.js") for key in _of_script(path)} | set(_stored())
    return {key for kind, path in _texts() for key in _of_text(kind, path)} | set(_of_verbs())


def catalogue_path(language: str, domain: str) -> Path:
    return ROOT / "locale" / language / "LC_MESSAGES" / f"{domain}.po"


def catalogue(language: str, domain: str) -> Catalog:
    """Read a catalogue; one that is not there yet is empty."""
    path = catalogue_path(language, domain)
    text = path.read_text() if path.exists() else HEADER.format(language=language, plurals=PLURALS[language])
    return read_po(io.StringIO(text), locale=language, domain=domain)


def key_of(message: Message) -> Key:
    return (message.id if isinstance(message.id, str) else tuple(message.id)), message.context


def renewed(old: Catalog, keys: set[Key]) -> Catalog:
    """Return a catalogue of these words, with the translations that the old one has."""
    new = Catalog(locale=old.locale, header_comment="")
    new.mime_headers = old.mime_headers  # how many forms a count has
    for words, context in keys:
        before = old.get(words if isinstance(words, str) else words[0], context)
        same = before is not None and before.id == words
        new.add(words, before.string if before and same else None, context=context)
    return new


def written(new: Catalog, language: str) -> str:
    """Return a catalogue as its file."""
    out = io.BytesIO()
    write_po(out, new, width=116, no_location=True, omit_header=True, sort_output=True)
    return HEADER.format(language=language, plurals=PLURALS[language]) + out.getvalue().decode().strip() + "\n"


def renew() -> None:
    """Write every catalogue anew."""
    for domain in ("django", "djangojs"):
        keys = found(domain)
        for language in PLURALS:
            path = catalogue_path(language, domain)
            path.parent.mkdir(parents=True, exist_ok=True)
            new = renewed(catalogue(language, domain), keys)
            path.write_text(written(new, language))
            print(f"{path.relative_to(ROOT)}: {len(keys)} entries, {len(missing(new))} without a translation")


def missing(words: Catalog) -> list[Message]:
    """Return the entries that have no translation, or lack one of their forms."""

    def whole(message: Message) -> bool:
        return all(message.string) if isinstance(message.string, tuple | list) else bool(message.string)

    return [message for message in words if message.id and not whole(message)]


def compile_all() -> None:
    """Make the files that Django reads. Git does not know them."""
    for path in (ROOT / "locale").glob("*/LC_MESSAGES/*.po"):
        language = path.parent.parent.name
        with path.with_suffix(".mo").open("wb") as out:
            write_mo(out, catalogue(language, path.stem))


if __name__ == "__main__":
    if sys.argv[1:] != ["compile"]:
        renew()
    compile_all()
