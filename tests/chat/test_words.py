"""What the socket understands, and how it says no."""

import json
from uuid import UUID

import pytest

from chat.words import Follow, Malformed, Seen, parse

PK = UUID("5f0c2d5e-6d2b-4c1f-9f0e-2a4b8c6d0e1f")


def test_a_tab_may_follow_and_say_what_it_has_seen() -> None:
    assert parse(json.dumps({"type": "follow", "generation": str(PK), "after": "0"})) == Follow(PK, "0")
    assert parse(json.dumps({"type": "seen", "generation": str(PK), "cursor": "17-2"})) == Seen(PK, "17-2")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "1",
        '"follow"',
        "{}",
        '{"type": "write"}',
        '{"type": ["follow"]}',
        '{"type": "follow"}',
        '{"type": "follow", "generation": 1, "after": "0"}',
        '{"type": "follow", "generation": "1", "after": "0"}',
        json.dumps({"type": "follow", "generation": str(PK), "after": "-"}),
        json.dumps({"type": "follow", "generation": str(PK), "after": "0", "as": "admin"}),
        json.dumps({"type": "seen", "generation": str(PK), "cursor": "9" * 70}),
        json.dumps({"type": "follow", "generation": str(PK), "after": f"{1 << 64}-0"}),
        json.dumps({"type": "follow", "generation": str(PK), "after": "1_0-0"}),
        json.dumps({"type": "follow", "generation": str(PK), "after": "\u0665-0"}),
        json.dumps({"type": "follow", "generation": str(PK), "after": "-5"}),
        json.dumps({"type": "follow", "generation": str(PK), "after": " 5"}),
        "[" * 5000 + "]" * 5000,
        '{"a":' * 1000 + "1" + "}" * 1000,
    ],
)
def test_anything_else_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(Malformed, match=r"\.$"):
        parse(text)
