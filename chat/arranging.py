"""How people arrange their chats: put away and brought back, read, in projects. Each change is one transaction.

Everyday work with one's own chats leaves no entry in the audit log; what others get to read does.
"""

from dataclasses import dataclass
from functools import partial

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from accounts.authority import standing_of
from accounts.models import Team, User
from accounts.roles import Power
from audit import verbs
from audit.actions import record
from audit.entry import Target
from chat import projects
from chat.models import Conversation, Project
from chat.refusal import Refusal
from chat.tabs import tell_all_changed, tell_changed

NOT_YOURS = _lazy("Only its owner and the administrators of its team change a shared project.")


@transaction.atomic
def archive(conversation: Conversation, *, archived: bool) -> None:
    """Put a conversation away, or bring it back to the list. How long it is kept stays as it is."""
    rows = Conversation.objects.within(conversation).filter(archived_at__isnull=archived)
    if rows.update(archived_at=Now() if archived else None):
        tell_changed(conversation.owner_id, conversation.pk)


@transaction.atomic
def see(conversation: Conversation) -> None:
    """Its owner has seen how the last answer ended."""
    if Conversation.objects.within(conversation).filter(unread=True).update(unread=False):
        tell_changed(conversation.owner_id, conversation.pk)


@transaction.atomic
def move(conversation: Conversation, *, project: Project | None) -> None:
    """Put a conversation into a project that its owner sees, or out of all. Raises Refusal."""
    if project is not None:
        _refuse_to_hold(conversation, project)
        projects.hold(project, conversation.owner)
    if Conversation.objects.within(conversation).update(project=project):
        tell_changed(conversation.owner_id, conversation.pk)


def _refuse_to_hold(conversation: Conversation, project: Project) -> None:
    if conversation.temporary_until is not None:
        raise Refusal(_("A temporary chat cannot be in a project."))
    if conversation.team_id != project.team_id:
        raise Refusal(_("This project belongs to another team than the chat. Choose a project of the chat's team."))
    if not standing_of(conversation.owner).allows(Power.ASK, project.team_id):
        raise Refusal(str(projects.READ_ONLY))


@dataclass(frozen=True, slots=True)
class Plan:
    """What a project is called, what models read before its chats, and whether its team sees it."""

    name: str
    instructions: str
    shared: bool


@transaction.atomic
def make_project(user: User, *, plan: Plan, team: Team) -> Project:
    """Make a project of one's own in a team. Raises Refusal."""
    if not standing_of(user).allows(Power.ASK, team.pk):
        raise Refusal(_("You may not ask questions in this team, and so make no projects there."))
    if Project.objects.filter(owner=user, deleted_at=None).count() >= projects.MOST:
        raise Refusal(_("You have %(most)s projects. Delete one that you no longer need.") % {"most": projects.MOST})
    project = Project.objects.create(
        owner=user, team=team, name=plan.name, instructions=plan.instructions, shared=plan.shared
    )
    if plan.shared:
        _note_sharing(project)
    tell_changed(user.pk, None)
    return project


@transaction.atomic
def change_project(project: Project, *, plan: Plan, by: User) -> None:
    """Give a project another name, other instructions, or other readers. Raises Refusal."""
    locked = _open(project, by)
    if locked.shared != plan.shared and locked.owner_id != by.pk:
        raise Refusal(_("Only its owner decides whether the team sees this project."))
    Project.objects.filter(pk=project.pk).update(name=plan.name, instructions=plan.instructions, shared=plan.shared)
    if locked.shared and not plan.shared:
        _let_go(locked, of_others=True)
    if locked.shared != plan.shared:
        _note_sharing(locked, shared=plan.shared)
    elif plan.shared and (locked.name, locked.instructions) != (plan.name, plan.instructions):
        record(verbs.PROJECT_CHANGED, targets=_targets(locked))
    tell_changed(by.pk, None)


@transaction.atomic
def delete_project(project: Project, *, by: User) -> None:
    """Delete a project; its chats stay, and are in none. The next sweep purges it. Raises Refusal."""
    locked = _open(project, by)
    _let_go(locked)
    Project.objects.filter(pk=project.pk).update(deleted_at=Now())
    record(verbs.PROJECT_DELETED, targets=_targets(locked), facts={"shared": locked.shared})
    tell_changed(by.pk, None)


def _open(project: Project, by: User) -> Project:
    """Lock a project to change it. Raises Conversation.DoesNotExist where it is gone, Refusal for who only reads it."""
    projects.hold(project, by)
    locked = Project.objects.get(pk=project.pk)
    if not projects.editable(locked, user=by, standing=standing_of(by)):
        raise Refusal(str(NOT_YOURS))
    return locked


def _let_go(project: Project, *, of_others: bool = False) -> None:
    """Take chats out of a project: all, or those that are not its owner's."""
    held = project.conversations.exclude(owner=F("project__owner")) if of_others else project.conversations.all()
    known = list(held.select_for_update(of=("self",)).order_by("pk").values_list("owner", "pk"))
    project.conversations.filter(pk__in=[pk for owner, pk in known]).update(project=None)
    transaction.on_commit(partial(tell_all_changed, known))


def _note_sharing(project: Project, *, shared: bool = True) -> None:
    record(verbs.PROJECT_SHARED, targets=_targets(project), facts={"shared": shared})


def _targets(project: Project) -> list[Target]:
    return [Target("project", project.pk), Target("team", project.team_id)]
