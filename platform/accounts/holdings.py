"""What depends on one person, and must go to somebody or end when they leave."""

from django.db.models import Exists, OuterRef, QuerySet

from accounts.models import Invitation, Membership, Team, User


def teams_only_of(user: User) -> QuerySet[Team]:
    """Return the teams that nobody else administers who can sign in."""
    admins = Membership.objects.filter(team=OuterRef("pk"), role=Membership.Role.ADMIN, user__is_active=True)
    mine = Team.objects.filter(memberships__user=user, memberships__role=Membership.Role.ADMIN)
    return mine.exclude(Exists(admins.exclude(user=user))).order_by("name")


def open_invitations() -> QuerySet[Invitation]:
    """Return the invitations that were neither used nor taken back; some may be too old."""
    return Invitation.objects.filter(used_at=None, revoked_at=None)
