"""Chats of other houses become trees of questions and answers: what is odd in them is bounded, left out or refused."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from bringing import BEGAN, node, simple, theirs, turn

from moving import chats, importing
from moving.chats import Chat, NotTaken

NOW = datetime(2026, 11, 1, tzinfo=UTC)


def read(value: Any) -> Chat:
    return importing.chat_of(json.dumps(value).encode(), now=NOW)


def why(value: Any) -> str:
    with pytest.raises(NotTaken) as refusal:
        read(value)
    return str(refusal.value)


def shown(chat: Chat) -> list[str]:
    """Return the branch that is shown."""
    texts, at = [], chat.head
    while at is not None:
        texts.append(chat.said[at].text)
        at = chat.said[at].parent  # type: ignore[assignment]
    return texts[::-1]


def test_branches_are_kept_and_the_shown_one_is_shown() -> None:
    chat = read(
        theirs(
            node("root", None),
            node("q", "root", turn("user", "Why?")),
            node("a", "q", turn("assistant", "Because.", at=BEGAN + 1, model_slug="gpt-4o")),
            node("b", "q", turn("assistant", "So.", at=BEGAN + 2, model_slug="o1")),
            node("c", "a", turn("user", "Really?", at=BEGAN + 3)),
            head="c",
        )
    )
    assert [(one.parent, one.role, one.text, one.model) for one in chat.said] == [
        (None, "user", "Why?", ""),
        (0, "assistant", "Because.", "gpt-4o"),
        (0, "assistant", "So.", "o1"),
        (1, "user", "Really?", ""),
    ]
    assert shown(chat) == ["Why?", "Because.", "Really?"]


def test_instructions_and_tools_are_left_out_and_what_stood_around_them_is_one_answer() -> None:
    code = {"author": {"role": "assistant"}, "recipient": "python", "content": {"content_type": "code", "text": "1"}}
    chat = read(
        theirs(
            node("s", None, turn("system", "You are a cook.")),
            node("q", "s", turn("user", "What is 6 * 7?")),
            node("a", "q", turn("assistant", "I compute.")),
            node("x", "a", code),
            node("t", "x", turn("tool", "42")),
            node("b", "t", turn("assistant", "It is 42.", model_slug="gpt-4o")),
            node("h", "b", turn("user", "unseen", is_visually_hidden_from_conversation=True)),
        )
    )
    assert [one.text for one in chat.said] == ["What is 6 * 7?", "I compute.\n\nIt is 42."]
    assert chat.said[1].model == "gpt-4o"
    assert chat.left_out == {"system": 2, "tools": 2}


def test_pictures_and_other_parts_leave_a_note() -> None:
    picture = {"content_type": "image_asset_pointer", "asset_pointer": "file-service://secret"}
    spoken = {"content_type": "audio_transcription", "text": "as I said"}
    chat = read(theirs(node("q", None, turn("user", "Look:", picture, {"content_type": "odd"}, spoken, 7))))
    note = "[Something that is no text stood here. It was not imported.]"
    assert chat.said[0].text == "\n\n".join(
        ["Look:", "[A picture stood here. It was not imported.]", note, "as I said", note]
    )
    assert chat.left_out == {"pictures": 1, "files": 2}


def test_what_runs_in_a_circle_is_left_out_and_a_circle_alone_is_refused() -> None:
    circle = [node("x", "y", turn("user", "1")), node("y", "x", turn("assistant", "2"))]
    chat = read(theirs(node("q", None, turn("user", "In order")), *circle))
    assert [one.text for one in chat.said] == ["In order"]
    assert chat.left_out == {"unreachable": 2}
    assert why(theirs(*circle)) == "There is no question and no answer in it."
    assert why(theirs(node("x", "x", turn("user", "1")))) == "There is no question and no answer in it."


def test_a_chain_of_ten_thousand_is_read_and_a_longer_one_is_refused() -> None:
    chat = read(simple(messages=chats.MOST_MESSAGES))
    assert (len(chat.said), len(shown(chat))) == (10_000, 10_000)
    assert why(simple(messages=chats.MOST_MESSAGES + 1)) == "It has 10,001 messages; at most 10,000 are taken."


def test_many_answers_in_a_row_are_one_and_take_no_more_room_than_they_have() -> None:
    nodes = [node("q", None, turn("user", "Go"))]
    for n in range(3000):
        nodes.append(node(f"a{n}", nodes[-1]["id"], turn("assistant", f"{n}")))
    chat = read(theirs(*nodes))
    assert len(chat.said) == 2
    assert chat.said[1].text.startswith("0\n\n1\n\n2")
    assert len(chat.said[1].text) < 20_000


def test_a_message_that_is_too_long_refuses_its_chat() -> None:
    assert why(theirs(node("q", None, turn("user", "x" * 200_001)))) == (
        "One of its messages has 200,001 characters; at most 200,000 are taken."
    )


@pytest.mark.parametrize("at", [BEGAN + 10**10, -5, 1e300, float("inf"), "soon", None, True, {}, BEGAN + 10**9])
def test_no_message_is_of_the_future_or_out_of_time(at: Any) -> None:
    nodes = [node("q", None, turn("user", "1")), node("a", "q", turn("assistant", "2"))]
    nodes[1]["message"]["create_time"] = at
    chat = read(theirs(*nodes))
    first, second = (one.at for one in chat.said)
    assert datetime.fromtimestamp(BEGAN, UTC) == first < second < NOW


def test_times_put_siblings_in_order_though_they_are_all_the_same() -> None:
    nodes = [node("q", None, turn("user", "q")), *(node(f"{n}", "q", turn("assistant", f"{n}")) for n in range(5))]
    for one in nodes:
        one["message"]["create_time"] = NOW.timestamp() + 9
    chat = read(theirs(*nodes))
    assert [one.text for one in chat.said] == ["q", "0", "1", "2", "3", "4"]
    assert all(a.at < b.at for a, b in zip(chat.said, chat.said[1:], strict=False))
    assert chat.said[-1].at < NOW


def test_nul_half_characters_and_long_titles_do_no_harm() -> None:
    chat = read(theirs(node("q", None, turn("user", "a\x00b\ud800c\r\nd")), title="T\x00 \n" + "x" * 500))
    assert chat.said[0].text == "ab?c\nd"
    assert (len(chat.title), chat.title[:4]) == (200, "T xx")


def test_what_is_no_chat_is_refused_with_a_sentence() -> None:
    of_neither = "This is a chat of neither Hearth nor ChatGPT."
    assert why({}) == of_neither
    assert why({"mapping": []}) == of_neither
    assert why({"conversation": {}, "messages": {}}) == of_neither
    assert why({"mapping": {"a": 5}}) == "It is not built like a conversation."
    assert why({"conversation": {}, "messages": [1]}) == "It is not built like a chat of Hearth."
    assert why({"mapping": {}}) == "There is no question and no answer in it."
    double = {"id": "1", "role": "user", "text": "x"}
    assert why({"conversation": {}, "messages": [double, double]}) == "Two of its messages have the same id."
    for piece, sentence in (
        (None, "This chat has more than 20 MB."),
        (b'{"mapping": \xff}', "This chat contains characters that are not valid UTF-8."),
        (b"{" * 50, "This chat is not valid JSON."),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "This chat is nested too deeply."),
        (b'{"a": ' + b"9" * 5000 + b"}", "This chat is not valid JSON."),
    ):
        with pytest.raises(NotTaken, match=f"^{sentence}"):
            importing.chat_of(piece, now=NOW)


@pytest.mark.parametrize(
    "odd",
    [
        {"author": None, "content": {"content_type": "text", "parts": ["x"]}},
        {"author": {"role": ["user"]}, "content": None},
        {"author": {"role": "user"}, "content": {"content_type": "text", "parts": "not a list"}},
        {"author": {"role": "user"}, "content": {"content_type": ["text"], "parts": [None]}, "metadata": 5},
        [],
        "text",
    ],
)
def test_odd_messages_break_nothing(odd: Any) -> None:
    chat = read(theirs(node("q", None, turn("user", "Fine")), node("x", "q", odd)))
    assert [one.text for one in chat.said] == ["Fine"]


def test_a_chat_of_hearth_s_names_its_files_in_a_note() -> None:
    message = {"id": "1", "parent": "gone", "role": "user", "text": "Read it", "files": ["a.md", 5], "created_at": "x"}
    answer = {"parent": "1", "role": "assistant", "text": "Done", "answer": {"model": "Qwen", "seed": 5}}
    chat = read({"conversation": {"id": "c", "title": 5, "head": "1"}, "messages": [message, answer]})
    assert chat.said[0].text == (
        "[Attached: a.md. The file was not imported.]\n\n[Attached: . The file was not imported.]\n\nRead it"
    )
    assert (chat.said[1].model, chat.head, chat.title) == ("Qwen", 1, "")
    assert chat.said[0].at == NOW - 2 * timedelta(microseconds=1)
