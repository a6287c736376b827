"""Sessions in the database, each with its person: ending somebody's sessions is one DELETE.

A session ends when its person leaves it unused for too long, when it is too old, or when it is deleted. How long that
is stands in the organisation's row, and the database's clock decides.
"""

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, TypedDict

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import transaction
from django.db.models import BooleanField, DurationField, Exists, ExpressionWrapper, Func, OuterRef, Q, QuerySet, Value
from django.db.models.expressions import Combinable, Subquery
from django.db.models.functions import Coalesce, Now

from accounts.live import ask_sockets_again
from accounts.models import Organisation, Session, User

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

SEEN_EVERY = timedelta(minutes=1)
KEEPERS = (User.Role.OWNER, User.Role.ADMIN, User.Role.AUDITOR)
AGENT_LENGTH = 300


class Facts(TypedDict):
    """What comes with a session: whether its person must have a second factor and has none; whether it was not marked
    as seen lately.
    """

    owes_factor: bool
    is_stale: bool


def _setting(name: str) -> Combinable:
    default = getattr(Organisation(), name)
    return Coalesce(Subquery(Organisation.objects.values(name)[:1]), Value(default))


def _interval(unit: str, count: Combinable) -> Func:
    return Func(count, template=f"make_interval({unit} => %(expressions)s)", output_field=DurationField())


def _owes_factor() -> Combinable:
    """Whether the session's person must have a second factor and has none."""
    from allauth.mfa.models import Authenticator  # apps are not ready when Django reads this module

    factors = Authenticator.objects.exclude(type=Authenticator.Type.RECOVERY_CODES)
    held = Exists(factors.filter(user=OuterRef("user_id")))
    asked = Q(mfa=Organisation.Mfa.EVERYONE) | Q(mfa=Organisation.Mfa.ADMINS, user__organisation_role__in=KEEPERS)
    owes = ExpressionWrapper(Q(user__isnull=False) & asked & ~held, output_field=BooleanField())
    return Coalesce(owes, Value(False))


def current() -> "QuerySet[WithAnnotations[Session, Facts]]":
    """Return the sessions that have not ended, each with its facts."""
    unused = Q(idle=0) | Q(seen_at__gt=Now() - _interval("mins", _setting("idle_minutes")))
    young = Q(created_at__gt=Now() - _interval("hours", _setting("absolute_hours")))
    return (
        Session.objects.alias(idle=_setting("idle_minutes"), mfa=_setting("mfa"))
        .filter(unused, young, expire_date__gt=Now())
        .annotate(
            owes_factor=_owes_factor(),
            is_stale=ExpressionWrapper(Q(seen_at__lte=Now() - SEEN_EVERY), output_field=BooleanField()),
        )
    )


def saw(session_key: str, *, address: str | None, agent: str) -> None:
    """Mark a session as used just now, from there, by that browser."""
    Session.objects.filter(session_key=session_key).update(
        seen_at=Now(), address=address or "", agent=agent[:AGENT_LENGTH]
    )


class SessionStore(DatabaseStore):
    """Django's own, and beside its data the person that it holds and where they signed in.

    `owes_factor` and `is_stale` are those of the row when it was read.
    """

    owes_factor = False
    is_stale = False
    place: tuple[str, str] = ("", "")

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def signed_in_from(self, address: str | None, agent: str) -> None:
        """Have the next save keep the address and the browser."""
        self.place = (address or "", agent[:AGENT_LENGTH])

    def _get_session_from_db(self) -> Session | None:
        return self._found(current().filter(session_key=self.session_key).first())

    async def _aget_session_from_db(self) -> Session | None:
        return self._found(await current().filter(session_key=self.session_key).afirst())

    def _found(self, row: Any) -> Session | None:
        if row is None:
            self._session_key = None
            return None
        self.owes_factor, self.is_stale = row.owes_factor, row.is_stale
        return row  # type: ignore[no-any-return]

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """Return the row to be stored; nobody is signed in where the data name nobody."""
        session = super().create_model_instance(data)
        assert isinstance(session, Session)
        session.user_id = data.get(SESSION_KEY)
        session.address, session.agent = self.place
        return session

    def delete(self, session_key: str | None = None) -> None:
        """Delete it, and only then have its person's sockets ask whether they may stay."""
        session = Session.objects.filter(session_key=session_key or self.session_key).first()
        if session is not None:
            session.delete()
            if session.user_id:
                transaction.on_commit(partial(ask_sockets_again, session.user_id))

    @classmethod
    def clear_expired(cls) -> None:
        """Delete the sessions that have ended."""
        Session.objects.exclude(pk__in=current().values("pk")).delete()
