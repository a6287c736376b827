"""Who is who, and who is still allowed."""

from uuid import UUID

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils.crypto import constant_time_compare

from accounts.models import Membership, Session, Team, User


def teams_of(user: User) -> QuerySet[Team]:
    """Return the person's teams, the oldest membership first."""
    return Team.objects.filter(memberships__user=user).order_by("memberships__created_at", "pk")


def home_team_of(user: User) -> Team | None:
    """Return the team in which this person's chats live unless they choose another. A guest's chats live nowhere."""
    asks = Team.objects.filter(memberships__user=user, memberships__role__in=Membership.ASKS)
    return asks.order_by("memberships__created_at", "pk").first()


def role_in(user: User, team: UUID) -> str | None:
    """Return this person's role in a team as it is now, or None when they are not in it."""
    return Membership.objects.filter(user=user, team_id=team).values_list("role", flat=True).first()


def needs_setup() -> bool:
    """Whether nobody owns this installation yet."""
    return not User.objects.filter(organisation_role=User.Role.OWNER).exists()


def session_is_current(session_key: str, user_pk: UUID) -> bool:
    """Whether this session is still that person's: there, unexpired, not from before a password change, and active."""
    session = Session.objects.filter(session_key=session_key, expire_date__gt=Now()).first()
    user = User.objects.filter(pk=user_pk, is_active=True).first()
    if session is None or user is None:
        return False
    facts = session.get_decoded()
    same_hash = constant_time_compare(facts.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash())
    return facts.get(SESSION_KEY) == str(user_pk) and same_hash
