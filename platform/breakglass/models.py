"""Requests to see one person's content, and what was looked at under each."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy

from breakglass.scopes import GlassManager

LEAST_REASON, MOST_REASON = 20, 1000  # characters
MOST_HOURS = 72


class Glass(models.Model):
    """One request, its decision and its end (a refusal is one). `until` is set by the approval, in the database's time.

    `quiet`: the person concerned hears of it at the end alone. The organisation's setting when it was asked decides.
    """

    class Decision(models.TextChoices):
        NONE = "", gettext_lazy("not decided")
        APPROVED = "approved", gettext_lazy("approved")
        REFUSED = "refused", gettext_lazy("refused")

    class Ending(models.TextChoices):
        NONE = "", gettext_lazy("not ended")
        HAND = "hand", gettext_lazy("ended by hand")
        TIME = "time", gettext_lazy("its time was over")
        AUTHORITY = "authority", gettext_lazy("who asked may no longer ask")
        LAPSED = "lapsed", gettext_lazy("nobody decided in time")

    number = models.BigAutoField(primary_key=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    about = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="glasses")
    reason = models.CharField(max_length=MOST_REASON)
    reference = models.CharField(max_length=120, blank=True, default="")
    hours = models.PositiveSmallIntegerField()
    quiet = models.BooleanField(default=False)
    asked_at = models.DateTimeField(db_default=Now())
    decision = models.CharField(max_length=10, choices=Decision.choices, blank=True, default=Decision.NONE)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    until = models.DateTimeField(null=True, blank=True)
    ending = models.CharField(max_length=10, choices=Ending.choices, blank=True, default=Ending.NONE)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)
    dismissed_at = models.DateTimeField(null=True, blank=True)

    objects = GlassManager["Glass"]()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(hours__range=(1, MOST_HOURS)), name="glass_for_some_hours"),
            models.CheckConstraint(
                condition=~Q(decision="approved") | Q(decided_at__isnull=False, until__isnull=False),
                name="approved_glass_has_an_end",
            ),
            models.UniqueConstraint(
                fields=["asked_by", "about"],
                condition=Q(ended_at=None),
                name="one_open_glass_for_each_pair",
            ),
        ]
        indexes = [
            models.Index(fields=["about", "-number"], name="glasses_about_a_person"),
            models.Index(fields=["-number"], condition=Q(ended_at=None), name="glasses_without_an_end"),
        ]

    def __str__(self) -> str:
        return f"request {self.number}"


class Look(models.Model):
    """A chat that was opened under a glass. `conversation` is an id alone: what it holds goes its own way."""

    glass = models.ForeignKey(Glass, on_delete=models.CASCADE, related_name="looks")
    conversation = models.UUIDField()
    first_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["glass", "conversation"], name="one_look_for_each_chat")]

    def __str__(self) -> str:
        return f"look under {self.glass_id}"
