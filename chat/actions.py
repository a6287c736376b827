"""Each change of a conversation, as the whole story of one transaction.

What asks for an answer raises Conversation.DoesNotExist when the conversation was deleted meanwhile.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4, uuid5

import redis
from django.db import IntegrityError, transaction
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.authority import standing_of
from accounts.models import User
from audit import verbs
from audit.actions import record
from audit.entry import Target
from chat import drafts, files, limits, pairs, projects, queue, stream
from chat.beginning import team_of_new
from chat.files import Sent
from chat.frames import ConversationRemoved, ConversationRenamed
from chat.models import Attachment, Conversation, Generation, Message, Project
from chat.opening import opened, refuse_beside_live, refuse_model, refuse_while_live
from chat.queries import latest_leaf_below
from chat.refusal import Refusal as Refusal
from chat.tabs import tell, tell_changed
from models_admin.models import Deployment
from retention.models import HouseRules, TeamRules
from retention.terms import house, terms_of

TITLE_LENGTH = 60
BY_RULES_ALONE = gettext_lazy("In your organisation chats go when their time is over. Nobody deletes them before.")


NOTHING: Mapping[str, float] = {}


def _ring(deployment_pk: UUID) -> None:
    from chat.tasks import serve  # the tasks module imports the serving side

    serve.apply_async((str(deployment_pk),), retry=False)


def _ring_quietly(deployment_pk: UUID) -> None:
    """Ring the bell; a bell that cannot be rung is rung again by beat."""
    try:
        _ring(deployment_pk)
    except Exception:
        return


def _forget_quietly(generation_pk: UUID) -> None:
    """Drop the stream of an answer that goes on. Where Redis is away, so are the words that it held."""
    try:
        stream.forget([generation_pk])
    except redis.RedisError:
        return


def title_from(text: str) -> str:
    """Return the first line of a question, cut at a word."""
    line = " ".join(text.strip().splitlines()[0].split()) if text.strip() else ""
    return line if len(line) <= TITLE_LENGTH else line[:TITLE_LENGTH].rsplit(" ", 1)[0] + "…"


def answered(user: User, client_id: UUID) -> Generation | None:
    """Return the answer that this client id has begun already."""
    return (
        Generation.objects.of(user)
        .filter(user=user, client_id=client_id)
        .select_related("message__conversation", "message__parent")
        .first()
    )


def _repeated(user: User, client_id: UUID, text: str, sent: Sequence[Sent] | None) -> Generation | None:
    """Return the answer that this client id has begun already. Raises Refusal where the question was another one."""
    earlier = answered(user, client_id)
    question = earlier and earlier.message.parent
    if question and question.text != text:
        raise Refusal(_("This form was sent already, with other words. Copy what you wrote and reload the page."))
    if question and sent is not None and _hashes_of(question) != [one.sha256 for one in sent]:
        raise Refusal(_("This form was sent already, with other files. Copy what you wrote and reload the page."))
    return earlier


def _hashes_of(question: Message) -> list[str]:
    return list(question.attachments.order_by("position").values_list("file__sha256", flat=True))


def begin(
    user: User,
    *,
    text: str,
    deployment: Deployment,
    client_id: UUID,
    sent: Sequence[Sent] = (),
    temporary: bool = False,
    project: Project | None = None,
    parameters: Mapping[str, float] = NOTHING,
    beside: Deployment | None = None,
) -> Generation:
    """Open a conversation with its first question. The same client id opens it once. Raises files.Unstored.

    A temporary one goes after its team's hours, whatever is said in it until then. One of a project is in its team.
    """
    if earlier := _repeated(user, client_id, text, sent):
        _refuse_another_life(earlier.message.conversation, temporary)
        return earlier
    standing = standing_of(user)
    team = team_of_new(standing, project, temporary=temporary)
    for model in filter(None, (deployment, beside)):
        refuse_model(standing, team, model.pk)
    try:
        with files.arriving(sent) as arrived, transaction.atomic():
            drafts.forget(user)
            if project:
                projects.hold(project, user)
            conversation = Conversation.objects.create(
                owner=user,
                team_id=team,
                project=project,
                title=title_from(text),
                temporary_until=_end_of_temporary(team, temporary),
            )
            asked = Asked(text, deployment, client_id, files.keep(arrived, owner=user), parameters, beside)
            return _question(conversation, asked, parent=None)
    except IntegrityError:
        return _twin(user, client_id)


def _refuse_another_life(conversation: Conversation, temporary: bool) -> None:
    """Raises Refusal: a form that comes twice never makes a lasting chat of a temporary one, or the other way."""
    if (conversation.temporary_until is not None) != temporary:
        kind = _("a temporary chat") if conversation.temporary_until else _("a chat that is kept")
        raise Refusal(
            _("This form was sent already, for %(kind)s. You find it in the list; reload the page for another.")
            % {"kind": kind}
        )


def _end_of_temporary(team: UUID, temporary: bool) -> CombinedExpression | None:
    rules = TeamRules.objects.filter(pk=team).first() if temporary else None
    return Now() + timedelta(hours=terms_of(house(), rules).temporary_hours) if temporary else None


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question consists of. `uses` are its attachments, not stored yet; `beside` answers it as well."""

    text: str
    deployment: Deployment
    client_id: UUID
    uses: Sequence[Attachment]
    parameters: Mapping[str, float]
    beside: Deployment | None = None


def ask(
    conversation: Conversation,
    *,
    text: str,
    deployment: Deployment,
    client_id: UUID,
    sent: Sequence[Sent] = (),
    parameters: Mapping[str, float] = NOTHING,
    beside: Deployment | None = None,
) -> Generation:
    """Store the question and an empty answer behind what is shown; a worker starts once both are committed.

    Behind an answer that is still written it waits. Of two answers side by side the one that is shown as the last is
    kept. Raises files.Unstored.
    """
    owner = conversation.owner
    if earlier := _repeated(owner, client_id, text, sent):
        return earlier
    try:
        with files.arriving(sent) as arrived, transaction.atomic():
            locked = opened(conversation, deployment.pk, *([beside.pk] if beside else ()))
            refuse_beside_live(locked)
            pairs.settle(locked)
            drafts.forget(owner, locked)
            asked = Asked(text, deployment, client_id, files.keep(arrived, owner=owner), parameters, beside)
            return _question(locked, asked, parent=locked.head_id)
    except IntegrityError:
        return _twin(owner, client_id)


def edit(question: Message, *, text: str, deployment: Deployment, client_id: UUID) -> Generation:
    """Ask a question in other words, with the files that it has: a sibling with an answer of its own."""
    if earlier := _repeated(question.conversation.owner, client_id, text, None):
        return earlier
    try:
        with transaction.atomic():
            locked = _open(question.conversation, deployment.pk)
            uses = [Attachment(file=use.file, name=use.name, position=use.position) for use in _uses_of(question)]
            return _question(locked, Asked(text, deployment, client_id, uses, NOTHING), parent=question.parent_id)
    except IntegrityError:
        return _twin(question.conversation.owner, client_id)


def _uses_of(question: Message) -> list[Attachment]:
    return list(question.attachments.select_related("file"))


def regenerate(answer: Message, *, deployment: Deployment, client_id: UUID, beside: bool = False) -> Generation:
    """Answer the same question once more: a sibling of the answer, drawn `beside` it where that is wished."""
    if earlier := answered(answer.conversation.owner, client_id):
        return earlier
    try:
        with transaction.atomic():
            locked = _open(answer.conversation, deployment.pk)
            pair = pairs.with_this(answer) if beside else None
            return _answer(locked, question=answer.parent_id, deployment=deployment, client_id=client_id, pair=pair)
    except IntegrityError:
        return _twin(answer.conversation.owner, client_id)


def _twin(user: User, client_id: UUID) -> Generation:
    """A double click lost the race: return the one that won it."""
    return Generation.objects.of(user).select_related("message__conversation").get(user=user, client_id=client_id)


def _open(held: Conversation, deployment: UUID) -> Conversation:
    """Lock a conversation for one more answer. Raises Refusal when its owner may not ask it, or not now."""
    conversation = opened(held, deployment)
    refuse_while_live(conversation)
    return conversation


def _question(conversation: Conversation, asked: Asked, *, parent: UUID | None) -> Generation:
    for model in filter(None, (asked.deployment, asked.beside)):
        if reason := limits.too_long_for(model, asked.text):
            raise Refusal(reason)
    question = conversation.messages.create(role=Message.Role.USER, text=asked.text, parent_id=parent)
    for use in asked.uses:
        use.message = question
    Attachment.objects.bulk_create(asked.uses)
    facts: dict[str, Any] = {"question": question.pk, "pair": uuid4() if asked.beside else None}
    wishes, model = dict(asked.parameters), asked.deployment
    first = _answer(conversation, deployment=model, client_id=asked.client_id, parameters=wishes, **facts)
    if asked.beside:
        _answer(conversation, deployment=asked.beside, client_id=uuid5(asked.client_id, "beside"), **facts)
        Conversation.objects.within(conversation).update(head=first.message, deployment=model)
    return first


def _answer(
    conversation: Conversation, *, question: UUID | None, deployment: Deployment, client_id: UUID, **fields: Any
) -> Generation:
    limits.take_place(conversation.owner_id)
    answer = conversation.messages.create(role=Message.Role.ASSISTANT, parent_id=question, id=uuid4())
    generation = Generation.objects.create(
        message=answer,
        chat=conversation.pk,
        user=conversation.owner,
        team_id=conversation.team_id,
        deployment=deployment,
        client_id=client_id,
        model_name=deployment.name,
        left_premises=deployment.leaves,
        **({"seed": secrets.randbelow(2**31)} | fields),
    )
    Conversation.objects.within(conversation).update(
        head=answer, deployment=deployment, last_activity_at=Now(), archived_at=None, unread=False
    )
    tell_changed(conversation.owner_id, conversation.pk)
    transaction.on_commit(partial(_ring_quietly, deployment.pk))
    return generation


def reproduce(first: Generation, *, client_id: UUID) -> Generation:
    """Answer the same question with everything as it was for an answer: a sibling that is compared with it."""
    if earlier := answered(first.message.conversation.owner, client_id):
        return earlier
    if first.recipe is None or first.is_live:
        raise Refusal(_("How this answer was made is not known, or it is still being written."))
    if not Deployment.objects.filter(pk=first.deployment_id, enabled=True).exists():
        raise Refusal(_("The model that wrote this answer is switched off. It cannot be asked again."))
    as_it_was = {"seed": first.seed, "parameters": first.recipe.facts["sampling"], "repeats": first.pk}
    try:
        with transaction.atomic():
            locked = _open(first.message.conversation, first.deployment_id)
            question, model = first.message.parent_id, first.deployment
            return _answer(locked, question=question, deployment=model, client_id=client_id, **as_it_was)
    except IntegrityError:
        return _twin(first.message.conversation.owner, client_id)


def stop(generation: Generation) -> None:
    """Stop an answer: at once while it waits, between two steps while it is written. What it has said stays."""
    queue.stop(Generation.objects.within(generation))


@transaction.atomic
def go_on(generation: Generation) -> None:
    """Let the same answer go on behind its last word."""
    _open(generation.message.conversation, generation.deployment_id)
    limits.take_place(generation.user_id)
    rounds = generation.rounds + (generation.state == Generation.State.DONE)
    again = (
        Generation.objects.within(generation)
        .filter(Generation.cut())
        .update(
            state=Generation.State.QUEUED,
            chat=generation.message.conversation_id,
            reason="",
            ended_at=None,
            started_at=None,  # it has not begun again: it waits as a fresh question does
            failures=0,
            rounds=rounds,
            queued_at=Now(),
        )
    )
    if not again:
        raise Refusal(_("This answer cannot go on: it has ended by itself."))
    conversation = generation.message.conversation
    tell_changed(conversation.owner_id, conversation.pk)
    transaction.on_commit(partial(_forget_quietly, generation.pk))
    transaction.on_commit(partial(_ring_quietly, generation.deployment_id))


def show(message: Message) -> None:
    """Show the branch of this sibling, down to its latest message."""
    leaf = latest_leaf_below(message)
    Conversation.objects.within(message.conversation).update(head=leaf)


def rename(conversation: Conversation, *, title: str) -> None:
    """Give the conversation another title, in every tab."""
    Conversation.objects.within(conversation).update(title=title)
    frame = ConversationRenamed(conversation=str(conversation.pk), title=title)
    transaction.on_commit(partial(tell, conversation.owner_id, frame))


def pin(conversation: Conversation, *, pinned: bool) -> None:
    """Put the conversation at the top of the list, or back among the others."""
    Conversation.objects.within(conversation).update(pinned=pinned)
    tell_changed(conversation.owner_id, conversation.pk)


@transaction.atomic
def delete(conversation: Conversation) -> None:
    """Hide the conversation at once, in every tab, and stop what is being written in it. Raises Refusal."""
    if house().deleting == HouseRules.Deleting.NOBODY:
        raise Refusal(BY_RULES_ALONE)
    deleted = Conversation.objects.within(conversation).filter(deleted_at=None).update(deleted_at=Now())
    queue.stop(Generation.objects.within(conversation))
    frame = ConversationRemoved(conversation=str(conversation.pk))
    transaction.on_commit(partial(tell, conversation.owner_id, frame))
    if deleted:
        record(verbs.CONVERSATION_DELETED, targets=[Target("conversation", conversation.pk)])
