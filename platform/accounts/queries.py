"""Who is who, and who is still allowed."""

from collections.abc import Collection
from uuid import UUID

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.utils.crypto import constant_time_compare

from accounts.authority import grounds, standing_in
from accounts.models import User
from accounts.sessions import current

AT_ONCE = 500  # sessions asked about in one query


def needs_setup() -> bool:
    """Whether nobody owns this installation yet."""
    return not User.objects.filter(organisation_role=User.Role.OWNER).exists()


def holders_of(session_keys: Collection[str]) -> dict[str, User]:
    """Return whose each of these sessions is, where it is current.

    That is: not ended, not from before a password change, and its person active, who owes no second factor: until
    there is one they reach only the pages where it is set up. Each comes with their standing. A query for each 500
    keys.
    """
    keys, holders = sorted(session_keys), dict[str, User]()
    for start in range(0, len(keys), AT_ONCE):
        open_ones = current().filter(
            session_key__in=keys[start : start + AT_ONCE], user__is_active=True, owes_factor=False
        )
        for session in open_ones.select_related("user").annotate(**grounds("user_id")):
            facts, user = session.get_decoded(), session.user
            if user is None or facts.get(SESSION_KEY) != str(user.pk):
                continue
            if constant_time_compare(facts.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash()):
                user.standing = standing_in(session, user)
                holders[session.session_key] = user
    return holders


def holder_of(session_key: str) -> User | None:
    """Return whose session this is, or None where it is nobody's or not current."""
    return holders_of([session_key]).get(session_key)


def session_is_current(session_key: str, user_pk: UUID) -> bool:
    """Whether this session is still that person's."""
    holder = holder_of(session_key)
    return holder is not None and holder.pk == user_pk
