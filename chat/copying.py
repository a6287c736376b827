"""A branch of a chat as a chat of its own: for a fork, and for whoever goes on from what was shared with them.

What is copied was said once: the messages keep their times, and answers keep the facts of how they were made. The new
chat's clock begins now. Files of the same person are used once more; another person gets bytes of their own, so that
what becomes of one of the two touches nothing of the other's.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4, uuid5

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Team, User
from chat import files, stream
from chat.files import Arrived, Sent
from chat.models import Attachment, Conversation, File, Generation, Message
from chat.opening import opened
from chat.prompt import branch_to
from chat.tabs import tell_changed

# How an answer was made. Who asked it, when it waited and what became of its pair is not the copy's.
FACTS = (
    "deployment_id",
    "reason",
    "rounds",
    "model_name",
    "model_sha256",
    "parameters",
    "recipe_id",
    "left_premises",
    "seed",
    "prompt_tokens",
    "prefilled_tokens",
    "output_tokens",
    "decode_seconds",
    "left_out",
    "queued_at",
    "started_at",
    "first_word_at",
    "ended_at",
)


def branch_up_to(message: Message) -> list[Message]:
    """Return the messages from the first question to this one, in order."""
    return [*branch_to(message), message]


@transaction.atomic
def fork(message: Message, *, client_id: UUID) -> Conversation:
    """Return a new chat of the same owner that goes on from a message. The same client id makes it once.

    One of a temporary chat ends when that ends. Raises opening's Refusal, files.Unstored, and
    Conversation.DoesNotExist for a deleted chat.
    """
    source = opened(message.conversation)
    pk = uuid5(source.owner_id, str(client_id))
    if earlier := Conversation.objects.of(source.owner).filter(pk=pk).first():
        return earlier
    title = _("%(title)s (copy)") % {"title": source.title[:180] or _("New chat")}
    until = source.temporary_until
    chat = copied(
        branch_up_to(message), owner=source.owner, team=source.team, title=title, temporary_until=until, pk=pk
    )
    Conversation.objects.within(chat).update(project=source.project_id)
    return chat


def copied(
    branch: Sequence[Message],
    *,
    owner: User,
    team: Team,
    title: str,
    temporary_until: datetime | None = None,
    with_files: bool = True,
    pk: UUID | None = None,
) -> Conversation:
    """Return a new chat of this owner in this team that says what a branch says, from its first message on.

    Whether the owner may see the branch, and ask in the team, is for the caller to know. An answer that is still
    written is copied as far as it has come, as a stopped one. Raises files.Unstored.
    """
    uses = _uses_of(branch) if with_files else []
    foreign = [use for use in uses if use.file.owner_id != owner.pk]
    sent = [Sent(use.name, data) for use in foreign if (data := files.bytes_of(use.file_id)) is not None]
    with files.arriving(sent) as arrived, transaction.atomic():
        chat = Conversation.objects.create(
            pk=pk or uuid4(), owner=owner, team=team, title=title[:200], temporary_until=temporary_until
        )
        places = _messages(branch, chat)
        last = _answers(branch, places, chat)
        _attachments(uses, places, _files(uses, arrived, owner))
        chat.head = places[branch[-1].pk] if branch else None
        chat.deployment = last.deployment if last else None
        chat.save(update_fields=["head", "deployment"])
        tell_changed(owner.pk, chat.pk)
    return chat


def _uses_of(branch: Sequence[Message]) -> list[Attachment]:
    if not branch:
        return []
    found = Attachment.objects.within(branch[0].conversation).filter(message__in=[one.pk for one in branch])
    return list(found.select_related("file").order_by("position", "pk"))


def _messages(branch: Sequence[Message], chat: Conversation) -> dict[UUID, Message]:
    """Store the messages. Return them by the ids of those that they are copies of."""
    copies: dict[UUID, Message] = {}
    parent: Message | None = None
    for one in branch:
        text = stream.shown(one.generation.pk, one.text) if _is_live(one) else one.text
        parent = copies[one.pk] = Message(
            conversation=chat, parent=parent, role=one.role, text=text, created_at=one.created_at
        )
    Message.objects.bulk_create(copies.values())
    return copies


def _is_live(message: Message) -> bool:
    generation: Generation | None = getattr(message, "generation", None)
    return generation is not None and generation.is_live


def _answers(branch: Sequence[Message], places: dict[UUID, Message], chat: Conversation) -> Generation | None:
    """Store the facts of the answers. Return the last one, or nothing where there is none."""
    lives: list[Generation] = [one.generation for one in branch if hasattr(one, "generation")]
    copies = [_answer(life, places[life.message_id], chat) for life in lives]
    Generation.objects.bulk_create(copies)
    return copies[-1] if copies else None


def _answer(life: Generation, message: Message, chat: Conversation) -> Generation:
    facts = {name: getattr(life, name) for name in FACTS}
    state = Generation.State.STOPPED if life.is_live else life.state
    return Generation(
        message=message, user=chat.owner, team=chat.team, client_id=uuid4(), state=state, attempt=life.attempt, **facts
    )


def _files(uses: Sequence[Attachment], arrived: Sequence[Arrived], owner: User) -> dict[str, File]:
    """Return the owner's files by their hashes, locked: whoever purges meanwhile sees the new uses."""
    fresh = {use.file.sha256: use.file for use in files.keep(arrived, owner=owner)}
    hashes = [use.file.sha256 for use in uses if use.file.owner_id == owner.pk]
    own = File.objects.of(owner).select_for_update().filter(sha256__in=hashes).order_by("sha256")
    return fresh | {file.sha256: file for file in own}


def _attachments(uses: Sequence[Attachment], places: dict[UUID, Message], found: dict[str, File]) -> None:
    """Store the uses of files. One whose bytes are no longer kept has nothing to use."""
    Attachment.objects.bulk_create(
        Attachment(
            message=places[use.message_id],
            file=found[use.file.sha256],
            name=use.name,
            position=use.position,
        )
        for use in uses
        if use.file.sha256 in found
    )
