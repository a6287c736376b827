"""What people do with messages: the next question waits, two models answer side by side, a fork, a thumb, a gauge."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse
from factories import asked, heard, make_deployment, make_team, make_user
from keeping import db_now

from accounts.models import Membership, User
from chat import actions, copying, pairs, papers, prompt, queries, queue, thumbs, waiting
from chat.gauge import Gauge, gauge_of
from chat.limits import Crowded
from chat.models import Conversation, Feedback, Generation, Message
from chat.refusal import Refusal
from models_admin.models import Deployment

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_redis")]
State = Generation.State
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def ada() -> User:
    return make_user()


@pytest.fixture
def door(client: Client, ada: User) -> Client:
    client.force_login(ada, backend=BACKEND)
    return client


def other() -> Deployment:
    return make_deployment("stub:?words=9&rate=0&slots=8", name="Other")


def next_question(answer: Generation, text: str = "and then?", **fields: object) -> Generation:
    chat = Conversation.objects.within(answer.message.conversation).select_related("owner").get()
    deployment = fields.pop("deployment", make_deployment())
    return actions.ask(chat, text=text, deployment=deployment, client_id=uuid4(), **fields)  # type: ignore[arg-type]


def claimed(deployment: Deployment | None = None) -> Generation:
    found = queue.claim((deployment or make_deployment()).pk)
    assert found is not None
    return found


def nothing_to_claim(*deployments: Deployment) -> bool:
    return all(queue.claim(one.pk) is None for one in deployments or [make_deployment()])


def end(generation: Generation, state: str = State.DONE, text: str = "words", **facts: int) -> None:
    assert queue.finish(generation.pk, generation.attempt, state=state, text=text, **facts)  # type: ignore[arg-type]


def shown(chat: Conversation) -> list[str]:
    chat.refresh_from_db()
    return [row.message.text for row in queries.thread_of(chat)]


def state_of(generation: Generation) -> str:
    generation.refresh_from_db()
    return generation.state


# The next question waits behind the answer.


def test_a_question_that_is_asked_meanwhile_waits_for_the_end_of_the_answer(ada: User) -> None:
    asked(ada, "first")
    answer = claimed()
    behind = next_question(answer)
    assert (behind.message.parent and behind.message.parent.parent_id) == answer.message_id
    assert nothing_to_claim()
    end(answer, text="the first answer")
    assert claimed().pk == behind.pk


@pytest.mark.parametrize("state", [State.STOPPED, State.FAILED, State.INTERRUPTED])
def test_whatever_ends_the_answer_the_next_one_begins(ada: User, state: str) -> None:
    asked(ada)
    answer = claimed()
    behind = next_question(answer)
    end(answer, state)
    assert claimed().pk == behind.pk


def test_questions_of_a_chat_are_answered_one_after_the_other_in_their_order(ada: User) -> None:
    first = asked(ada)
    second = next_question(first, "second")
    third = next_question(first, "third", deployment=other())
    order = []
    for _ in range(3):
        found = queue.claim(make_deployment().pk) or queue.claim(other().pk)
        assert found
        assert nothing_to_claim(make_deployment(), other())
        order.append(found.pk)
        end(found)
    assert order == [first.pk, second.pk, third.pk]


def test_an_answer_whose_worker_died_comes_before_what_waits_behind_it(ada: User) -> None:
    asked(ada)
    answer = claimed()
    next_question(answer)
    Generation.objects.for_housekeeping().filter(pk=answer.pk).update(lease_until=Now() - timedelta(seconds=1))
    heard()
    assert queue.reap()["queued"] == 1
    assert claimed().pk == answer.pk
    assert nothing_to_claim()


def test_others_are_not_kept_waiting_by_a_chat_that_waits_for_itself(ada: User) -> None:
    answer = asked(ada)
    claimed()
    next_question(answer)
    bob = asked(make_user("bob@example.org"))
    assert claimed().pk == bob.pk


def test_what_the_answer_said_is_read_with_the_next_question(ada: User) -> None:
    asked(ada, "first")
    answer = claimed()
    next_question(answer)
    end(answer, text="the first answer")
    turns = prompt.request_for(claimed(), id="x", prefix="").turns
    assert [turn.text for turn in turns if turn.role != "system"] == ["first", "the first answer", "and then?"]


def test_another_answer_and_other_words_wait_for_the_end(door: Client, ada: User) -> None:
    answer = asked(ada)
    for name, pk in (("edit", answer.message.parent_id), ("regenerate", answer.message_id)):
        response = door.post(reverse(f"chat:{name}", args=[pk]), {"text": "x", "client_id": str(uuid4())})
        assert response.status_code == 409
        assert "An answer is still being written in this chat." in response.content.decode()
    assert Message.objects.for_housekeeping().count() == 2


def test_nothing_is_asked_on_another_branch_while_an_answer_is_written(ada: User) -> None:
    answer = asked(ada)
    end(claimed())
    again = actions.regenerate(answer.message, deployment=make_deployment(), client_id=uuid4())
    actions.show(answer.message)
    with pytest.raises(Refusal):
        next_question(again)


def test_a_cut_answer_does_not_go_on_while_the_next_question_is_answered(ada: User) -> None:
    asked(ada)
    answer = claimed()
    next_question(answer)
    end(answer, State.STOPPED)
    with pytest.raises(Refusal, match="still being written"):
        actions.go_on(Generation.objects.of(ada).select_related("message__conversation").get(pk=answer.pk))


def test_what_waits_counts_in_the_limits(ada: User, settings: object) -> None:
    settings.ANSWERS_WAITING = 2  # type: ignore[attr-defined]
    answer = asked(ada)
    next_question(answer)
    with pytest.raises(Crowded):
        next_question(answer, "third")


def test_the_next_question_is_sent_once(door: Client, ada: User) -> None:
    answer = asked(ada)
    form = {"text": "twice", "client_id": str(uuid4())}
    path = reverse("chat:ask", args=[answer.message.conversation_id])
    assert [door.post(path, form).status_code for _ in range(2)] == [302, 302]
    assert Message.objects.for_housekeeping().filter(text="twice").count() == 1


# A question is taken back.


def test_a_question_that_waits_can_be_taken_back(door: Client, ada: User) -> None:
    answer = asked(ada, "first")
    behind = next_question(answer)
    chat = Conversation.objects.of(ada).get()
    assert [row.waits for row in queries.thread_of(chat)] == [False, False, True, False]
    path = reverse("chat:take_back", args=[behind.message.parent_id])
    assert door.post(path).status_code == 302
    assert shown(behind.message.conversation) == ["first", ""]
    assert (state_of(behind), state_of(answer)) == (State.STOPPED, State.QUEUED)


def test_what_was_asked_behind_a_question_that_is_taken_back_waits_in_its_place(ada: User) -> None:
    answer = asked(ada, "first")
    second = next_question(answer, "second")
    third = next_question(answer, "third")
    assert second.message.parent
    waiting.take_back(second.message.parent)
    assert shown(answer.message.conversation) == ["first", "", "third", ""]
    end(claimed())
    assert claimed().pk == third.pk


def test_what_a_model_has_begun_to_read_is_not_taken_back(door: Client, ada: User) -> None:
    answer = asked(ada)
    end(claimed())
    behind = next_question(answer)
    claimed()
    response = door.post(reverse("chat:take_back", args=[behind.message.parent_id]))
    assert response.status_code == 409
    assert "This question is being answered already." in response.content.decode()
    assert state_of(behind) == State.RUNNING


def test_the_first_question_of_a_chat_is_not_taken_back(ada: User) -> None:
    answer = asked(ada)
    assert answer.message.parent
    with pytest.raises(Refusal):
        waiting.take_back(answer.message.parent)
    assert state_of(answer) == State.QUEUED


# Two models answer side by side.


def two(ada: User, **fields: object) -> list[Generation]:
    first = actions.begin(
        ada,
        text="which?",
        deployment=make_deployment(),
        client_id=uuid4(),
        beside=other(),
        **fields,  # type: ignore[arg-type]
    )
    chat = first.message.conversation
    return [first, Generation.objects.within(chat).exclude(pk=first.pk).get()]


def test_two_models_answer_one_question_at_the_same_time(ada: User) -> None:
    first, second = two(ada)
    assert first.pair == second.pair is not None
    assert first.message.parent_id == second.message.parent_id
    assert {claimed().pk, claimed(other()).pk} == {first.pk, second.pk}
    first.message.conversation.refresh_from_db()
    last = queries.thread_of(first.message.conversation)[-1]
    assert last.message == first.message
    assert {row.message.pk for row in last.pair} == {first.message_id, second.message_id}


def test_two_models_are_asked_once_by_a_double_click(door: Client, ada: User) -> None:
    form = {"text": "which?", "client_id": str(uuid4()), "beside": str(other().pk), "deployment": make_deployment().pk}
    assert [door.post(reverse("chat:begin"), form).status_code for _ in range(2)] == [302, 302]
    assert (Message.objects.for_housekeeping().count(), Generation.objects.for_housekeeping().count()) == (3, 2)


def test_both_answers_count_in_the_limits_and_nothing_is_asked_where_one_is_too_many(
    ada: User, settings: object
) -> None:
    settings.ANSWERS_WAITING = 1  # type: ignore[attr-defined]
    with pytest.raises(Crowded):
        two(ada)
    assert not Conversation.objects.for_housekeeping().exists()


def test_a_second_model_that_one_may_not_ask_is_refused(door: Client, ada: User) -> None:
    off = make_deployment("stub:?words=1&rate=0&slots=1", name="Off", enabled=False)
    make_deployment()
    form = {"text": "which?", "client_id": str(uuid4()), "beside": str(off.pk)}
    assert door.post(reverse("chat:begin"), form).status_code == 409
    assert not Conversation.objects.for_housekeeping().exists()


def test_keeping_one_shows_it_and_stops_the_other(door: Client, ada: User) -> None:
    first, second = two(ada)
    kept, left = claimed(other()), first
    assert kept.pk == second.pk
    assert door.post(reverse("chat:keep_answer", args=[kept.message_id])).status_code == 302
    chat = first.message.conversation
    chat.refresh_from_db()
    assert chat.head_id == kept.message_id
    assert (state_of(left), state_of(kept)) == (State.STOPPED, State.RUNNING)
    assert [one.pair for one in Generation.objects.within(chat)] == [None, None]
    assert queries.thread_of(chat)[-1].beside is None
    assert queries.thread_of(chat)[-1].count == 2


def test_asking_on_keeps_the_answer_that_is_shown_as_the_last(ada: User) -> None:
    first, second = two(ada)
    running = claimed()
    behind = next_question(first)
    assert behind.message.parent
    assert behind.message.parent.parent_id == first.message_id
    assert state_of(second) == State.STOPPED
    assert nothing_to_claim(make_deployment(), other())
    end(running)
    assert claimed().pk == behind.pk


def test_an_answer_is_compared_with_one_of_another_model(door: Client, ada: User) -> None:
    answer = asked(ada)
    end(claimed())
    form = {"client_id": str(uuid4()), "deployment": str(other().pk), "beside": "on"}
    door.post(reverse("chat:regenerate", args=[answer.message_id]), form)
    chat = answer.message.conversation
    chat.refresh_from_db()
    pair = queries.thread_of(chat)[-1].pair
    assert [row.generation.model_name for row in pair if row.generation] == ["Stub", "Other"]
    assert "Keep this one" in door.get(chat.get_absolute_url()).content.decode()


def test_while_one_of_two_is_written_no_third_is_asked(ada: User) -> None:
    first, _ = two(ada)
    end(claimed())
    with pytest.raises(Refusal):
        actions.regenerate(first.message, deployment=make_deployment(), client_id=uuid4())


# A fork.


def test_a_fork_is_a_chat_of_its_own_from_the_message_on(door: Client, ada: User) -> None:
    answer = asked(ada, "first")
    end(claimed(), text="an answer")
    end_of_second = next_question(answer, "second")
    end(claimed())
    form = {"client_id": str(uuid4())}
    responses = [door.post(reverse("chat:fork", args=[answer.message_id]), form) for _ in range(2)]
    chat = Conversation.objects.of(ada).exclude(pk=answer.message.conversation_id).get()
    assert [response["Location"] for response in responses] == [chat.get_absolute_url()] * 2
    assert (chat.title, chat.team, chat.owner) == ("first (copy)", make_team(), ada)
    assert shown(chat) == ["first", "an answer"]
    assert shown(end_of_second.message.conversation) == ["first", "an answer", "second", "words"]
    assert door.get(chat.get_absolute_url()).status_code == 200


def test_a_fork_of_a_temporary_chat_ends_when_that_ends(ada: User) -> None:
    answer = actions.begin(ada, text="q", deployment=make_deployment(), client_id=uuid4(), temporary=True)
    source = Conversation.objects.of(ada).get()
    assert source.temporary_until
    assert source.temporary_until > db_now()
    fork = copying.fork(answer.message, client_id=uuid4())
    fork.refresh_from_db()
    assert fork.temporary_until == source.temporary_until


def test_who_only_reads_forks_nothing(door: Client, ada: User) -> None:
    answer = asked(ada)
    Membership.objects.filter(user=ada).update(role=Membership.Role.GUEST)
    assert door.post(reverse("chat:fork", args=[answer.message_id]), {"client_id": str(uuid4())}).status_code == 409
    assert Conversation.objects.for_housekeeping().count() == 1


# A thumb.


def think(door: Client, answer: UUID, **fields: object) -> int:
    return door.post(reverse("chat:think", args=[answer]), fields).status_code


def thought() -> list[tuple[str, list[str], str]]:
    return [(one.thumb, one.reasons, one.comment) for one in Feedback.objects.for_housekeeping()]


def test_a_thumb_is_given_explained_changed_and_taken_back(door: Client, ada: User) -> None:
    answer = asked(ada).message_id
    assert think(door, answer, thumb="up") == 302
    assert thought() == [("up", [], "")]
    think(door, answer, thumb="up", whole="on", reasons=["clear", "wrong"], comment="  Well said. ")
    assert thought() == [("up", ["clear"], "Well said.")]
    think(door, answer, thumb="up")
    assert thought() == [("up", ["clear"], "Well said.")]
    think(door, answer, thumb="down")
    assert thought() == [("down", [], "")]
    think(door, answer, thumb="", whole="on")
    assert thought() == []


def test_the_sheet_for_the_reasons_opens_with_the_thumb_and_comes_alone(door: Client, ada: User) -> None:
    answer = asked(ada).message_id
    path = reverse("chat:think", args=[answer])
    page = door.post(path, {"thumb": "down"}, headers={"X-Hearth-Partial": "thread"}).content.decode()
    assert "What is wrong with it?" in page
    assert "open" in page
    assert "<html" not in page


@pytest.mark.parametrize("fields", [{"thumb": "sideways"}, {"thumb": "up", "whole": "on", "comment": "x" * 2001}])
def test_what_is_no_thumb_is_refused(door: Client, ada: User, fields: dict[str, str]) -> None:
    assert think(door, asked(ada).message_id, **fields) == 400
    assert thought() == []


def test_only_answers_of_one_s_own_chats_have_thumbs(door: Client, ada: User) -> None:
    bob = asked(make_user("bob@example.org"))
    mine = asked(ada)
    assert think(door, bob.message_id, thumb="up") == 404
    assert think(door, mine.message.parent_id, thumb="up") == 404  # type: ignore[arg-type]
    assert thought() == []


def test_what_one_thinks_is_in_the_copy_of_one_s_data(ada: User) -> None:
    answer = asked(ada).message
    thumbs.think(answer, thumb="down", reasons=["long"], comment="Half of it would do.")
    (said,) = [data for path, data in papers.of(Conversation.objects.of(ada)) if path.endswith(".json")]
    assert b'"comment": "Half of it would do."' in said


# The gauge.


def test_the_gauge_says_how_much_of_what_the_model_reads_is_used(door: Client, ada: User) -> None:
    answer = asked(ada)
    Deployment.objects.filter(pk=answer.deployment_id).update(context=1000)
    end(claimed(), prompt_tokens=300, output_tokens=100, left_out=2)
    chat = answer.message.conversation
    chat.refresh_from_db()
    gauge = gauge_of(queries.thread_of(chat))
    assert gauge == Gauge(used=400, context=1000, left_out=2)
    assert (gauge.percent, gauge.fill, gauge.is_full) == (40, 3, True)
    page = door.get(reverse("chat:gauge", args=[chat.pk]), headers={"X-Hearth-Partial": "thread"}).content.decode()
    assert "400 of the 1000 tokens" in " ".join(page.split())
    assert "The 2 oldest messages no longer fit" in " ".join(page.split())


def test_before_the_first_answer_there_is_no_gauge(ada: User) -> None:
    answer = asked(ada)
    chat = answer.message.conversation
    chat.refresh_from_db()
    assert gauge_of(queries.thread_of(chat)) is None


def test_keeping_twice_is_keeping_once(ada: User) -> None:
    first, _ = two(ada)
    pairs.keep(first.message)
    pairs.keep(first.message)
    assert shown(first.message.conversation) == ["which?", ""]
