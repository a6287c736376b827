"""People, teams, and who may do what where."""

import uuid
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from accounts.authority import Standing


class UserManager(BaseUserManager["User"]):
    """Makes people; an e-mail address is one person whatever its case."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, organisation_role=User.Role.OWNER, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person who signs in with an e-mail address."""

    class Role(models.TextChoices):
        OWNER = "owner", gettext_lazy("owner")
        ADMIN = "admin", gettext_lazy("administrator")
        AUDITOR = "auditor", gettext_lazy("auditor")
        MEMBER = "member", gettext_lazy("member")

    class Theme(models.TextChoices):
        AUTO = "auto", _("as the device")
        LIGHT = "light", _("light")
        DARK = "dark", _("dark")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(max_length=254, unique=True)
    display_name = models.CharField(max_length=120, blank=True, default="")
    organisation_role = models.CharField(max_length=10, choices=Role.choices, default=Role.MEMBER)
    is_active = models.BooleanField(default=True)
    theme = models.CharField(max_length=5, choices=Theme.choices, default=Theme.AUTO)
    language = models.CharField(max_length=10, blank=True, default="", help_text="empty: as the browser asks")
    banner_closed = models.UUIDField(
        null=True, editable=False, help_text="the announcement that they do not need again"
    )
    address_unproven = models.BooleanField(
        default=False,
        db_default=False,
        editable=False,
        help_text="somebody else changed it, and they have not signed in since",
    )
    created_at = models.DateTimeField(db_default=Now())

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()
    standing: "Standing | None" = None  # what it was when this object was read, where that was asked for

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="one_person_per_email")]

    def __str__(self) -> str:
        return self.display_name or self.email

    @property
    def is_admin(self) -> bool:
        """Whether this person administers the organisation: they may change its settings."""
        from accounts.authority import standing_of  # it needs these rows
        from accounts.roles import Power

        return standing_of(self).allows(Power.SET_ORGANISATION)

    @property
    def reads_log(self) -> bool:
        """Whether this person may read and export the audit log. Nobody may change it."""
        from accounts.authority import standing_of
        from accounts.roles import Power

        return standing_of(self).allows(Power.READ_LOG)


class Organisation(models.Model):
    """The one organisation of this installation, and what its administrators have set for everybody."""

    class Joining(models.TextChoices):
        INVITATION = "invitation", gettext_lazy("by invitation alone")
        APPROVAL = "approval", gettext_lazy("by invitation, or by asking and being approved")

    class Mfa(models.TextChoices):
        NOBODY = "nobody", gettext_lazy("nobody has to")
        ADMINS = "admins", gettext_lazy("owners, administrators and auditors have to")
        EVERYONE = "everyone", gettext_lazy("everyone has to")

    class Level(models.TextChoices):
        INFO = "info", _("news")
        WARNING = "warning", _("a warning")

    class Audience(models.TextChoices):
        EVERYBODY = "everybody", _("everybody who is signed in")
        ADMINS = "admins", _("owners and administrators alone")

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    name = models.CharField(max_length=120)
    joining = models.CharField(max_length=12, choices=Joining.choices, default=Joining.INVITATION)
    mfa = models.CharField(max_length=10, choices=Mfa.choices, default=Mfa.NOBODY)
    idle_minutes = models.PositiveIntegerField(default=0, help_text="unused sessions end; 0: they do not")
    absolute_hours = models.PositiveIntegerField(default=336, help_text="every session ends")
    tell_at_end = models.BooleanField(default=False, help_text="a person hears of break-glass when it has ended")
    accent = models.CharField(max_length=7, blank=True, default="", help_text="#rrggbb; empty: Hearth's own")
    logo = models.UUIDField(null=True, editable=False, help_text="the Logo that is shown, if any")
    banner = models.CharField(max_length=500, blank=True, default="", help_text="plain text; empty: none")
    banner_id = models.UUIDField(null=True, editable=False, help_text="another one with every text")
    banner_level = models.CharField(max_length=7, choices=Level.choices, default=Level.INFO)
    banner_for = models.CharField(max_length=9, choices=Audience.choices, default=Audience.EVERYBODY)
    banner_from = models.DateTimeField(null=True, blank=True)
    banner_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="one_organisation"),
            models.CheckConstraint(
                condition=models.Q(idle_minutes=0) | models.Q(idle_minutes__range=(5, 43_200)), name="idle_in_bounds"
            ),
            models.CheckConstraint(condition=models.Q(absolute_hours__range=(1, 8_760)), name="absolute_in_bounds"),
            models.CheckConstraint(condition=models.Q(accent__regex=r"^(#[0-9a-f]{6})?$"), name="accent_is_a_colour"),
        ]

    def __str__(self) -> str:
        return self.name


class Logo(models.Model):
    """The organisation's picture, as it is sent to browsers. Its id is its address: another picture is another one."""

    class Type(models.TextChoices):
        PNG = "image/png", "PNG"
        JPEG = "image/jpeg", "JPEG"
        WEBP = "image/webp", "WebP"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    type = models.CharField(max_length=10, choices=Type.choices)
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    data = models.BinaryField()

    def __str__(self) -> str:
        return f"logo {self.pk}"


class Team(models.Model):
    """Some people who share models and rules."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120, unique=True)
    members = models.ManyToManyField(User, through="Membership", related_name="teams")
    created_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person's part in a team."""

    class Role(models.TextChoices):
        ADMIN = "admin", gettext_lazy("team administrator")
        MEMBER = "member", gettext_lazy("member")
        GUEST = "guest", gettext_lazy("guest (reads only)")

    ASKS = (Role.ADMIN, Role.MEMBER)

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.MEMBER)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "user"], name="one_membership")]

    def __str__(self) -> str:
        return f"{self.role} of {self.team_id}"


class Session(AbstractBaseSession):
    """One browser's session; `user` is who is signed in with it, or nobody. `seen_at` is right to a minute."""

    CHANGES = ("session_data", "expire_date", "user")

    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    seen_at = models.DateTimeField(db_default=Now())
    address = models.CharField(max_length=64, blank=True, default="")
    agent = models.CharField(max_length=300, blank=True, default="")

    def __str__(self) -> str:
        return f"session of {self.user_id}"  # the key is a credential

    def save(self, *args: Any, force_update: bool = False, **kwargs: Any) -> None:
        """Keep when it began and when it was seen, whatever Django's store writes over it."""
        if not force_update:
            super().save(*args, **kwargs)
            return
        place = ("address", "agent") if self.address or self.agent else ()
        super().save(update_fields=(*self.CHANGES, *place), using=kwargs.get("using"))

    @classmethod
    def get_session_store_class(cls) -> type[DatabaseStore]:
        from accounts.sessions import SessionStore  # it needs this class

        return SessionStore


class Attempt(models.Model):
    """One try to guess a password, under a digest of whose or from where. It is kept for an hour."""

    key = models.CharField(max_length=64)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [
            models.Index(fields=["key", "at"], name="attempts_by_key"),
            models.Index(fields=["at"], name="attempts_by_age"),
        ]

    def __str__(self) -> str:
        return f"attempt {self.pk}"


class SetupLink(models.Model):
    """The one-time link with which the first administrator comes in. Only the token's hash is kept."""

    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"set-up link {self.pk}"


class Invitation(models.Model):
    """Somebody may come in by a link. Only the hash of its token is kept: the link is seen when it is made."""

    class Mail(models.TextChoices):
        NONE = "none", gettext_lazy("handed over")
        WAITING = "waiting", gettext_lazy("waits to be mailed")
        SENT = "sent", gettext_lazy("mailed")
        FAILED = "failed", gettext_lazy("could not be mailed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    token_hash = models.CharField(max_length=64, unique=True, null=True, editable=False)  # noqa: DJ001 (unique)
    email = models.EmailField(max_length=254)
    display_name = models.CharField(max_length=120, blank=True, default="")
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.CASCADE, related_name="invitations")
    team_role = models.CharField(max_length=10, choices=Membership.Role.choices, default=Membership.Role.MEMBER)
    organisation_role = models.CharField(max_length=10, choices=User.Role.choices, default=User.Role.MEMBER)
    invited_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    mail = models.CharField(max_length=10, choices=Mail.choices, default=Mail.NONE)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    used_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [
            models.Index(fields=["-created_at", "id"], name="invitations_by_age"),
            models.Index(fields=["team", "-created_at", "id"], name="invitations_of_team"),
            models.Index(fields=["mail"], condition=models.Q(mail="waiting"), name="invitations_to_mail"),
        ]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                "team",
                condition=models.Q(used_at=None, revoked_at=None),
                nulls_distinct=False,
                name="one_open_invitation",
            )
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk}"


class Joiner(models.Model):
    """Somebody who asked to join and is nobody yet. Their password's hash goes once it is decided."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(max_length=254)
    display_name = models.CharField(max_length=120, blank=True, default="")
    password = models.CharField(max_length=128, editable=False)
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    approved = models.BooleanField(null=True, default=None)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["-created_at", "id"], name="joiners_by_age")]
        constraints = [
            models.UniqueConstraint(Lower("email"), condition=models.Q(decided_at=None), name="one_open_wish")
        ]

    def __str__(self) -> str:
        return f"joiner {self.pk}"


class Denial(models.Model):
    """A power taken from a person, a team's people, or a person in a team, whatever their roles give them."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.CASCADE, related_name="denials")
    person = models.ForeignKey(User, null=True, blank=True, on_delete=models.CASCADE, related_name="denials")
    power = models.CharField(max_length=40)
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "person", "power"], nulls_distinct=False, name="denied_once"),
            models.CheckConstraint(
                condition=models.Q(team__isnull=False) | models.Q(person__isnull=False), name="denied_to_somebody"
            ),
        ]

    def __str__(self) -> str:
        return f"denial {self.pk}"


class Letter(models.Model):
    """A mail that waits to be sent, and is deleted once it is. What it says comes from its kind."""

    class Kind(models.TextChoices):
        APPROVED = "approved", gettext_lazy("somebody who asked to join is let in")
        DECLINED = "declined", gettext_lazy("somebody who asked to join is not let in")
        FACTOR_ADDED = "factor_added", gettext_lazy("a second factor was set up")
        FACTOR_REMOVED = "factor_removed", gettext_lazy("a second factor was removed")
        FACTORS_RESET = "factors_reset", gettext_lazy("all second factors were taken away")
        PASSWORD_CHANGED = "password_changed", gettext_lazy("the password was changed")
        ADDRESS_CHANGED = "address_changed", gettext_lazy("somebody else changed the address")

    email = models.EmailField(max_length=254)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    what = models.CharField(max_length=30, blank=True, default="", help_text="the kind of factor")
    tries = models.PositiveSmallIntegerField(default=0, help_text="how often it could not be sent")
    created_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"letter {self.pk}: {self.kind}"
