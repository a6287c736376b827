"""How checks were, and what was counted of answers: times, states and numbers, without people."""

from django.db import models
from django.db.models import Q


class Spell(models.Model):
    """A stretch of time in which a check stayed as it was. One of each check is open; `seen_at`: looked at last."""

    class State(models.TextChoices):
        OK = "ok"
        FAILING = "failing"
        UNKNOWN = "unknown"

    name = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=State.choices)
    since = models.DateTimeField()
    seen_at = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name"], condition=Q(until=None), name="one_open_spell")]
        indexes = [models.Index(fields=["until"], name="health_spells_by_end")]

    def __str__(self) -> str:
        return f"{self.name}: {self.state}"


class Tally(models.Model):
    """What has been counted of answers that ended before `until`: one row, whose numbers only grow."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    until = models.DateTimeField()
    counts = models.JSONField(default=dict)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_tally")]

    def __str__(self) -> str:
        return "the tally"
