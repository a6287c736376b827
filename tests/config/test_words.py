"""What people read is in every language: catalogues are whole and up to date, and no page says a word past them."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages import Message

from tools import words

DOMAINS = ("django", "djangojs")
LANGUAGES = tuple(words.PLURALS)
# What must be the same in a sentence and its translation: values, elements, and blanks of prompts.
VALUES = re.compile(r"%\(\w+\)s|%%|\{\w+\}|</?\w+[^>]*>|\{\{ \w+")
EXCUSED = {
    "Hearth",
    "UTC",
    "SHA-256",
    "p50",
    "p95",
    "tokens/s",
    "GGUF",
    "JSON",
    "CSV",
    "kB",
    "MB",
    "GB",
    "Enter",
    "Ctrl",
    "Markdown",
}
TAG = re.compile(r"</?[a-zA-Z](?:\{%.*?%\}|\{\{.*?\}\}|\"(?:\{%.*?%\}|\{\{.*?\}\}|[^\"])*\"|[^>\"])*>", re.S)
SHOWN = re.compile(r"\b(?:title|aria-label|placeholder|alt|data-label)=\"((?:\{%.*?%\}|\{\{.*?\}\}|[^\"])*)\"", re.S)
HIDDEN = re.compile(
    r"\{#.*?#\}|\{%\s*comment.*?endcomment\s*%\}|<!--.*?-->|<!DOCTYPE[^>]*>|<(script|style|svg|code|kbd|pre)\b.*?</\1>"
    r"|\{%\s*block body_class\s*%\}.*?\{%\s*endblock\s*%\}",
    re.S,
)
TRANSLATED = re.compile(r"\{%\s*blocktranslate\b.*?\{%\s*endblocktranslate\s*%\}", re.S)
LOGIC = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|&#?\w+;", re.S)
WORD = re.compile(r"[^\W\d_]{2,}[\w/-]*")
TEMPLATES = sorted(words.ROOT.glob("templates/**/*.*"))


def texts(message: Message) -> list[tuple[str, str]]:
    """Return what is said and how it is translated, form by form."""
    if isinstance(message.id, str):
        return [(message.id, str(message.string))]
    return list(zip(message.id, tuple(message.string or ()), strict=True))


def unsaid(template: str) -> Iterator[str]:
    """Yield the words of a template that no tag translates: in its text, and in attributes that people meet."""
    template = TRANSLATED.sub("", HIDDEN.sub(" ", template))
    pieces = [
        *TAG.sub(" ", template).split("\n"),
        *(found[1] for tag in TAG.finditer(template) for found in SHOWN.finditer(tag[0])),
    ]
    for piece in pieces:
        yield from (word for word in WORD.findall(LOGIC.sub(" ", piece)) if word not in EXCUSED)


@pytest.mark.parametrize("domain", DOMAINS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_has_the_words_of_the_sources_and_no_others(language: str, domain: str) -> None:
    there = {words.key_of(message) for message in words.catalogue(language, domain) if message.id}
    wanted = words.found(domain)
    assert wanted - there == set(), "make words"
    assert there - wanted == set(), "make words"


@pytest.mark.parametrize("domain", DOMAINS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_is_translated(language: str, domain: str) -> None:
    assert [message.id for message in words.missing(words.catalogue(language, domain))] == []


@pytest.mark.parametrize("domain", DOMAINS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_names_the_same_values_and_elements(language: str, domain: str) -> None:
    wrong = [
        (said, translated)
        for message in words.catalogue(language, domain)
        if message.id
        for said, translated in texts(message)
        if sorted(VALUES.findall(said)) != sorted(VALUES.findall(translated))
    ]
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_is_written_as_make_words_writes_it(language: str) -> None:
    for domain in DOMAINS:
        known = words.catalogue(language, domain)
        keys = {words.key_of(message) for message in known if message.id}
        again = words.written(words.renewed(known, keys), language)
        assert words.catalogue_path(language, domain).read_text() == again


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(words.ROOT)))
def test_a_template_says_nothing_that_cannot_be_translated(path: Path) -> None:
    assert list(unsaid(path.read_text())) == []


def test_the_search_for_words_finds_them() -> None:
    page = '<p title="Old {{ x }}">{% translate "Fine" %} but <b>this</b> not</p>{# nor this #}<code>x = yes</code>'
    assert list(unsaid(page)) == ["but", "this", "not", "Old"]
