"""What is written into the search box is read as other search boxes read it."""

import pytest

from finding.asking import Filter, Term, understood


@pytest.mark.parametrize(
    ("text", "groups"),
    [
        ("notice period", ((Term("notice"), Term("period", open=True)),)),
        ('"notice period" lease', ((Term("notice period"), Term("lease", open=True)),)),
        ("lease -draft", ((Term("lease"), Term("draft", without=True, open=True)),)),
        ('-"first draft" lease', ((Term("first draft", without=True), Term("lease", open=True)),)),
        ("lease or rent", ((Term("lease"),), (Term("rent", open=True),))),
        ("or lease OR", ((Term("lease"),),)),
        ('"still open', ((Term("still open"),),)),
        ("to", ((Term("to"),),)),
        ("getUserById", ((Term("getUserById", open=True),),)),
        ("http://hall", ((Term("http://hall", open=True),),)),
        ("-", ((Term("-"),),)),
        ("", ()),
        ("  ", ()),
    ],
)
def test_words_quotes_a_minus_and_or(text: str, groups: tuple[tuple[Term, ...], ...]) -> None:
    assert understood(text).groups == groups


def test_filters_are_taken_out_of_the_words_and_each_knows_what_is_left_without_it() -> None:
    asked = understood('lease in:"Porto lease" model:qwen -team:legal')
    assert asked.groups == ((Term("lease"),),)
    assert asked.filters == (
        Filter("in", "Porto lease", rest="lease model:qwen -team:legal"),
        Filter("model", "qwen", rest='lease in:"Porto lease" -team:legal'),
        Filter("team", "legal", without=True, rest='lease in:"Porto lease" model:qwen'),
    )
    assert [one.said for one in asked.filters] == ['in:"Porto lease"', "model:qwen", "-team:legal"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("before:monday", "before:monday: write a day as 2026-03-31."),
        ("after:2026-02-31", "after:2026-02-31: write a day as 2026-03-31."),
        ("pinned:maybe", "pinned:maybe: write pinned:yes or pinned:no."),
        ("is:old", "is:old: write is:pinned, is:archived or is:temporary."),
    ],
)
def test_a_filter_that_says_nothing_gets_a_sentence_and_counts_for_nothing(text: str, sentence: str) -> None:
    asked = understood(f"lease {text}")
    assert asked.problems == (sentence,)
    assert asked.filters == ()


def test_a_filter_without_a_value_is_still_being_written() -> None:
    assert understood("lease in:") == understood("lease in:")
    assert (understood("lease in:").filters, understood("lease in:").problems) == ((), ())


def test_what_is_endless_is_cut() -> None:
    asked = understood("a" * 10_000)
    assert len(asked.text) == 500
    assert len(understood("a " * 200).groups[0]) == 24
