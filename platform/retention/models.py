"""What is set about keeping and deleting, what is held, what waits, and what went."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy

LONGEST_DAYS = 36_500


class HouseRules(models.Model):
    """What the organisation sets: one row, from the first change on."""

    class Deleting(models.TextChoices):
        OWNERS = "owners", gettext_lazy("everybody deletes their own chats")
        NOBODY = "nobody", gettext_lazy("chats go by these rules alone")

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    days = models.PositiveIntegerField(null=True, blank=True, help_text="nothing: chats are kept")
    least = models.PositiveIntegerField(default=0, help_text="days; nothing goes sooner")
    most = models.PositiveIntegerField(null=True, blank=True, help_text="days; no team keeps chats longer")
    file_days = models.PositiveIntegerField(null=True, blank=True, help_text="nothing: as long as their chat")
    temporary_hours = models.PositiveIntegerField(default=24)
    export_hours = models.PositiveIntegerField(default=48)
    grace_days = models.PositiveIntegerField(default=7, help_text="between a person's delete and the end")
    pinned_exempt = models.BooleanField(default=False, help_text="pinned chats outlive their period")
    deleting = models.CharField(max_length=10, choices=Deleting.choices, default=Deleting.OWNERS)
    delay_hours = models.PositiveIntegerField(default=24, help_text="before a shorter period holds")
    notice_days = models.PositiveIntegerField(default=7, help_text="people hear this long before their chats go")
    backup_days = models.PositiveIntegerField(default=30, help_text="how long backups are kept")
    paused_at = models.DateTimeField(null=True, blank=True, help_text="since a restore nothing is swept")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_house")]

    def __str__(self) -> str:
        return "the organisation's rules"


class TeamRules(models.Model):
    """What one team sets, within the organisation's bounds."""

    class Keeps(models.TextChoices):
        HOUSE = "house", gettext_lazy("as the organisation")
        DAYS = "days", gettext_lazy("for some days")
        EVER = "ever", gettext_lazy("for as long as the organisation allows")

    team = models.OneToOneField("accounts.Team", on_delete=models.CASCADE, related_name="rules", primary_key=True)
    keeps = models.CharField(max_length=10, choices=Keeps.choices, default=Keeps.HOUSE)
    days = models.PositiveIntegerField(null=True, blank=True)
    file_days = models.PositiveIntegerField(null=True, blank=True, help_text="nothing: as the organisation")
    temporary_hours = models.PositiveIntegerField(null=True, blank=True, help_text="nothing: as the organisation")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(keeps="days", days__isnull=False) | (~Q(keeps="days") & Q(days=None)),
                name="days_for_some_days",
            )
        ]

    def __str__(self) -> str:
        return f"rules of {self.team_id}"


class Change(models.Model):
    """A change of rules: of one team, or of the organisation where `team` is none. Shorter ones wait for `holds_at`."""

    class State(models.TextChoices):
        WAITING = "waiting", gettext_lazy("waits")
        DONE = "done", gettext_lazy("holds")
        CANCELLED = "cancelled", gettext_lazy("taken back")

    number = models.BigAutoField(primary_key=True)
    team = models.ForeignKey("accounts.Team", null=True, on_delete=models.CASCADE, related_name="+")
    values = models.JSONField(help_text="the settings that change, by name")
    before = models.JSONField(help_text="what they were when it was asked for")
    chats = models.PositiveIntegerField(default=0, help_text="how many go because of it, as previewed")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField(db_default=Now())
    holds_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["team"], condition=Q(state="waiting"), nulls_distinct=False, name="one_change_waits"
            )
        ]

    def __str__(self) -> str:
        return f"change {self.number}"


def protect_in_force(collector: Any, field: Any, holds: Any, using: str) -> None:
    """What a hold in force is on stays; a released one only forgets what it was on."""
    in_force = any(hold.released_at is None for hold in holds)
    (models.PROTECT if in_force else models.SET_NULL)(collector, field, holds, using)


class Hold(models.Model):
    """A legal hold on a person, a team, or one conversation: nothing of theirs goes until it is released."""

    number = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="holds"
    )
    team = models.ForeignKey("accounts.Team", null=True, blank=True, on_delete=protect_in_force, related_name="holds")
    conversation = models.UUIDField(null=True, blank=True)
    reason = models.CharField(max_length=1000)
    reference = models.CharField(max_length=120, blank=True, default="")
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    placed_at = models.DateTimeField(db_default=Now())
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, team=None, conversation=None)
                | Q(person=None, team__isnull=False, conversation=None)
                | Q(person=None, team=None, conversation__isnull=False)
                | Q(person=None, team=None, conversation=None, released_at__isnull=False),
                name="hold_on_one_thing",
            )
        ]
        indexes = [
            models.Index(fields=["person"], condition=Q(released_at=None), name="holds_on_people"),
            models.Index(fields=["team"], condition=Q(released_at=None), name="holds_on_teams"),
            models.Index(fields=["conversation"], condition=Q(released_at=None), name="holds_on_chats"),
        ]

    def __str__(self) -> str:
        return f"hold {self.number}"


class Run(models.Model):
    """One sweep. What went stands in its chunks; `key` is the secret with which ids are hashed for its manifest."""

    class State(models.TextChoices):
        ASKED = "asked", gettext_lazy("waits to begin")
        RUNNING = "running", gettext_lazy("is under way")
        DONE = "done", gettext_lazy("ended well")
        FAILED = "failed", gettext_lazy("failed")
        BROKEN = "broken", gettext_lazy("was broken off")

    number = models.BigAutoField(primary_key=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    expected = models.PositiveIntegerField(default=0, help_text="things that were due at its beginning")
    key = models.BinaryField()
    counts = models.JSONField(default=dict, help_text="what went, by kind, once it has ended")
    errors = models.JSONField(default=list, help_text="kinds that failed, and with what class of error")
    manifest = models.CharField(max_length=64, blank=True, default="", help_text="SHA-256 over its digests")
    backups_until = models.DateField(null=True, blank=True, help_text="gone from backups by this day")

    class Meta:
        indexes = [models.Index(fields=["state", "-ended_at"], name="runs_by_end")]

    def __str__(self) -> str:
        return f"run {self.number}"


class Chunk(models.Model):
    """What one transaction of a run deleted. `number` is that of its tombstone in the ledger outside the database."""

    number = models.BigIntegerField(primary_key=True)
    run = models.ForeignKey(Run, null=True, on_delete=models.CASCADE, related_name="chunks")
    kind = models.CharField(max_length=40)
    at = models.DateTimeField(db_default=Now())
    counts = models.JSONField(help_text="how many of what, by team")
    digests = models.BinaryField(help_text="HMAC-SHA-256 of each id under the run's key, 32 bytes each")

    def __str__(self) -> str:
        return f"chunk {self.number}"


class Leftover(models.Model):
    """A copy outside the database whose rows are gone: a file, a stream. It is removed after the commit, or later."""

    what = models.CharField(max_length=20)
    name = models.CharField(max_length=200)

    def __str__(self) -> str:
        return f"{self.what} {self.name}"


class Wish(models.Model):
    """Somebody asks their team to keep a chat longer. Who decides sees who asks and why, and nothing of the chat."""

    class Answer(models.TextChoices):
        NONE = "", gettext_lazy("not decided")
        KEPT = "kept", gettext_lazy("kept longer")
        REFUSED = "refused", gettext_lazy("refused")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="wishes")
    team = models.ForeignKey("accounts.Team", on_delete=models.CASCADE, related_name="wishes")
    conversation = models.UUIDField()
    reason = models.CharField(max_length=300, blank=True, default="")
    goes_at = models.DateTimeField(help_text="when the chat would go")
    asked_at = models.DateTimeField(db_default=Now())
    answer = models.CharField(max_length=10, choices=Answer.choices, blank=True, default=Answer.NONE)
    until = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["conversation"], condition=Q(answer=""), name="one_open_wish_for_each_chat")
        ]
        indexes = [models.Index(fields=["team", "asked_at"], condition=Q(answer=""), name="wishes_of_teams")]

    def __str__(self) -> str:
        return f"wish {self.pk}"


class Erasure(models.Model):
    """A person asked that what is theirs be erased, or somebody of the office did for who left. It has ended when
    nothing is left; with `account`, the account's name and address go at the end as well.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="erasures")
    account = models.BooleanField(default=False)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField(db_default=Now())
    began_with = models.PositiveIntegerField(default=0, help_text="chats there were")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person"], condition=Q(ended_at=None), name="one_open_erasure")]

    def __str__(self) -> str:
        return f"erasure {self.pk}"


class Export(models.Model):
    """A file made for one person: their own data, or, with `hold`, what a legal hold keeps. It lives for some hours."""

    class State(models.TextChoices):
        ASKED = "asked", gettext_lazy("waits to be made")
        READY = "ready", gettext_lazy("is ready")
        FAILED = "failed", gettext_lazy("could not be made")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="exports")
    hold = models.ForeignKey(Hold, null=True, blank=True, on_delete=models.CASCADE, related_name="exports")
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    asked_at = models.DateTimeField(db_default=Now())
    ready_at = models.DateTimeField(null=True, blank=True)
    done = models.PositiveIntegerField(default=0, help_text="chats written so far")
    total = models.PositiveIntegerField(default=0)
    size = models.BigIntegerField(default=0, help_text="bytes")
    sha256 = models.CharField(max_length=64, blank=True, default="")
    words = models.CharField(max_length=200, blank=True, default="", help_text="of a hold: what it must contain")
    chats = ArrayField(models.UUIDField(), default=list, help_text="whose copies are in it")
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="exports_by_end")]

    def __str__(self) -> str:
        return f"export {self.pk}"
