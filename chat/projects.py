"""Projects: folders of chats with words that models read before them.

A private project is its owner's. A shared one is read by everybody in its team, and takes chats of those who may ask
there. Nobody sees the chats of others in it. Who leaves the team finds neither.
"""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.authority import Standing
from accounts.models import User
from accounts.roles import Power
from chat.models import Conversation, Generation, Project
from chat.queries import conversations_of

MOST = 200  # projects of one person, shared ones of others not counted
LISTED = 50
READ_ONLY = _("You can read this project, and not put chats into it: you may not ask in its team.")


def projects_of(user: User) -> QuerySet[Project]:
    """Return the projects that a person sees: their own, and those shared with a team that they are in."""
    seen = Q(owner=user) | Q(shared=True)
    return Project.objects.filter(seen, deleted_at=None, team__memberships__user=user).select_related("team")


def listed(user: User) -> list[Project]:
    """Return the projects for the list of chats, the person's own first. One query."""
    rows = projects_of(user).only("name", "shared", "owner", "team__name").annotate(mine=Q(owner=user))
    return list(rows.order_by("-mine", "name", "pk")[:LISTED])


def editable(project: Project, *, user: User, standing: Standing) -> bool:
    """Whether the person may change, share and delete a project that they see: its owner, or who keeps its team."""
    own = project.owner_id == user.pk and standing.allows(Power.ASK, project.team_id)
    return own or (project.shared and standing.allows(Power.SET_TEAM_DEFAULTS, project.team_id))


def hold(project: Project, user: User) -> None:
    """In a transaction: let the project stay as it is until its end. Raises Conversation.DoesNotExist: it is gone."""
    there = Project.objects.filter(Q(owner=user) | Q(shared=True), pk=project.pk, deleted_at=None)
    if not there.select_for_update(no_key=True).exists():
        raise Conversation.DoesNotExist


def chats_in(project: Project, user: User) -> QuerySet[Conversation]:
    """Return the person's own chats in a project, the latest first, those put away as well."""
    live = Generation.objects.filter(message__conversation=OuterRef("pk"), state__in=Generation.LIVE)
    mine = conversations_of(user).filter(project=project).annotate(is_answering=Exists(live))
    return mine.order_by("-last_activity_at", "pk")
