"""A branch becomes a chat of its own: its words, its answers' facts and its files, and nothing that ties it back."""

from uuid import uuid4

import pytest
from factories import asked, make_deployment, make_team, make_user

from chat import actions, copying, files, queue
from chat.files import Sent
from chat.models import Attachment, Conversation, File, Generation, Message

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_redis")]
State = Generation.State
NOTES = Sent("notes.md", b"# Oak\nburns slowly\n")


def answered(generation: Generation, text: str, **facts: int) -> Message:
    claimed = queue.claim(generation.deployment_id)
    assert claimed is not None
    assert queue.finish(claimed.pk, claimed.attempt, state=State.DONE, text=text, **facts)  # type: ignore[arg-type]
    return Message.objects.within(generation.message).get()


def said(chat: Conversation) -> list[tuple[str, str]]:
    chat.refresh_from_db()
    assert chat.head is not None
    return [(one.role, one.text) for one in copying.branch_up_to(chat.head)]


def test_a_copy_says_the_branch_and_nothing_beside_it() -> None:
    ada = make_user()
    answer = answered(asked(ada, "one", sent=[NOTES]), "first", output_tokens=7)
    again = actions.regenerate(answer, deployment=make_deployment(), client_id=uuid4())
    answered(again, "another")
    chat = copying.copied(copying.branch_up_to(answer), owner=ada, team=make_team(), title="one (copy)")
    assert said(chat) == [("user", "one"), ("assistant", "first")]
    assert (chat.title, chat.owner, chat.team, chat.temporary_until) == ("one (copy)", ada, make_team(), None)
    life = Generation.objects.within(chat).get()
    assert (life.state, life.output_tokens, life.model_name, life.user) == (State.DONE, 7, "Stub", ada)
    assert life.client_id != answer.generation.client_id
    assert chat.deployment == make_deployment()


def test_the_owners_file_is_used_once_more() -> None:
    ada = make_user()
    answer = answered(asked(ada, "one", sent=[NOTES]), "first")
    chat = copying.copied(copying.branch_up_to(answer), owner=ada, team=make_team(), title="copy")
    assert File.objects.of(ada).count() == 1
    assert [use.name for use in Attachment.objects.within(chat)] == ["notes.md"]


def test_another_person_gets_bytes_of_their_own() -> None:
    ada, bob = make_user(), make_user("bob@example.org")
    answer = answered(asked(ada, "one", sent=[NOTES]), "first")
    chat = copying.copied(copying.branch_up_to(answer), owner=bob, team=make_team(), title="copy")
    use = Attachment.objects.within(chat).select_related("file").get()
    assert use.file.owner == bob
    assert File.objects.of(ada).get() != use.file
    assert files.bytes_of(use.file_id) == NOTES.data
    assert Generation.objects.within(chat).get().user == bob


def test_a_file_whose_bytes_are_gone_is_left_out_for_another_person() -> None:
    ada, bob = make_user(), make_user("bob@example.org")
    answer = answered(asked(ada, "one", sent=[NOTES]), "first")
    files.remove(File.objects.of(ada).get().pk)
    chat = copying.copied(copying.branch_up_to(answer), owner=bob, team=make_team(), title="copy")
    assert not Attachment.objects.within(chat).exists()


def test_an_answer_that_is_still_written_is_copied_as_a_stopped_one() -> None:
    ada = make_user()
    generation = asked(ada, "one")
    claimed = queue.claim(generation.deployment_id)
    assert claimed is not None
    queue.keep(claimed.pk, claimed.attempt, text="so far")
    answer = Message.objects.within(generation.message).select_related("generation").get()
    chat = copying.copied(copying.branch_up_to(answer), owner=ada, team=make_team(), title="copy")
    assert said(chat) == [("user", "one"), ("assistant", "so far")]
    life = Generation.objects.within(chat).get()
    assert (life.state, life.lease_until, life.can_continue) == (State.STOPPED, None, True)


def test_a_branch_without_an_answer_can_be_copied() -> None:
    ada = make_user()
    question = asked(ada, "one").message.parent
    assert question is not None
    chat = copying.copied([question], owner=ada, team=make_team(), title="copy")
    assert said(chat) == [("user", "one")]
    assert chat.deployment is None
