"""A piece of the text around what was found, with marks that are no HTML."""

import pytest

from finding.asking import Term
from finding.marks import OFF, ON, marked, snippet
from finding.templatetags.finding import marked as written


def said(text: str) -> str:
    return text.replace(ON, "[").replace(OFF, "]")


@pytest.mark.parametrize(
    ("text", "term", "shown"),
    [
        ("A place for a fire.", Term("fire"), "A place for a [fire]."),
        ("Fires and fire.", Term("fire"), "Fires and [fire]."),
        ("Fires and fire.", Term("fir", open=True), "[Fires] and [fire]."),
        ("Le CAFÉ est chaud, le cafe aussi.", Term("café"), "Le [CAFÉ] est chaud, le [cafe] aussi."),
        ("a notice period, a period of notice", Term("notice period"), "a [notice period], a period of notice"),
        ("see foo/bar_baz.py", Term("bar_baz"), "see foo/[bar_baz].py"),
        ("call getUserById here", Term("user"), "call get[User]ById here"),
        ("東京都の天気", Term("天気"), "東京都の[天気]"),
        ("한국어를 배우다", Term("국어"), "한[국어]를 배우다"),
        ("nothing of it", Term("zebra"), "nothing of it"),
        ("odd \ue000marks\ue001", Term("marks"), "odd  [marks] "),
    ],
)
def test_what_was_found_is_marked(text: str, term: Term, shown: str) -> None:
    assert said(marked(text, [term])) == shown


def test_a_snippet_is_one_line_around_the_place_that_has_most_of_the_words() -> None:
    text = "oak " * 200 + "\n\nHere oak\nmeets beech. " + "pine " * 200
    shown = said(snippet(text, [Term("oak"), Term("beech")]))
    assert "[oak] meets [beech]." in shown, shown
    assert shown.startswith("… ")
    assert shown.endswith("pine …")
    assert "\n" not in shown
    assert len(shown.replace("[", "").replace("]", "")) <= 250


def test_a_snippet_reaches_the_end_of_a_long_text() -> None:
    text = "pine " * 39_000 + "zebra"
    assert said(snippet(text, [Term("zebra")])).endswith("[zebra]")


def test_without_a_place_the_snippet_is_the_beginning() -> None:
    assert snippet("A place for a fire.", []) == "A place for a fire."


def test_what_is_marked_is_escaped_first() -> None:
    text = f"<b>{ON}<i>{OFF}</b> & {OFF}{ON}"
    assert written(text) == "&lt;b&gt;<mark>&lt;i&gt;</mark>&lt;/b&gt; &amp; "
