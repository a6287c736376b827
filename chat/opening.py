"""Who may ask which model in a chat, and when: read anew for each act, with the chat locked."""

from uuid import UUID

from django.utils.translation import gettext as _

from accounts.authority import Standing, standing_of, verdict_of
from accounts.models import Membership
from accounts.roles import Power
from chat.models import Conversation, Generation
from chat.refusal import Refusal
from models_admin.models import Deployment
from models_admin.queries import allowed_to, may_still_leave, why_not


def opened(held: Conversation, *deployments: UUID) -> Conversation:
    """Lock a conversation. Raises Refusal when its owner may not ask in it, or not one of these deployments."""
    rows = Conversation.objects.within(held).select_for_update(of=("self",)).select_related("owner", "team")
    conversation = rows.get(deleted_at=None)
    standing = standing_of(conversation.owner)
    refuse_who_only_reads(conversation, standing)
    for deployment in deployments:
        refuse_model(standing, conversation.team_id, deployment)
    return conversation


def refuse_who_only_reads(conversation: Conversation, standing: Standing) -> None:
    """Authority is read anew for each act: who has left the team finds no chat, and who is its guest asks no more."""
    team = conversation.team
    role = standing.teams.get(team.pk)
    if role is None:
        raise Conversation.DoesNotExist
    if role == Membership.Role.GUEST:
        raise Refusal(
            _(
                "You are a guest of the team %(team)s: you can read, but not ask. "
                "An administrator of the team can make you a member."
            )
            % {"team": team.name}
        )
    verdict = verdict_of(standing, Power.ASK, team)
    if not verdict.allowed:
        raise Refusal(f"{verdict.why} {verdict.who}")


def refuse_model(standing: Standing, team: UUID, deployment: UUID) -> None:
    """A choice of the teams holds for every way to ask, and for an answer that is to go on.

    A chat belongs to one team: what is asked in it leaves the premises only where that team may.
    """
    if not allowed_to(standing).filter(pk=deployment).exists():
        raise Refusal(why_not(standing))
    leaving = Deployment.objects.filter(pk=deployment, endpoint__leaves=True).first()
    if leaving and not may_still_leave(team, leaving):
        raise Refusal(_("The team of this chat may not ask models that leave the premises. Choose another model."))


def refuse_while_live(conversation: Conversation) -> None:
    """Another answer to a question has to wait for the one that is written. Raises Refusal."""
    if Generation.objects.within(conversation).filter(state__in=Generation.LIVE).exists():
        raise Refusal(_("An answer is still being written in this chat. Stop it, or wait for its end."))


def refuse_beside_live(conversation: Conversation) -> None:
    """A question may wait behind the answer that is written where one looks, and nowhere else. Raises Refusal."""
    live = Generation.objects.within(conversation).filter(state__in=Generation.LIVE)
    if not live.filter(message=conversation.head_id).exists():
        refuse_while_live(conversation)
