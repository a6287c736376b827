"""Self-tests of the way out, and what each process found."""

import uuid
from datetime import datetime, timedelta

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

WAIT = timedelta(seconds=15)  # whoever has said nothing by then says nothing any more


class Trial(models.Model):
    """One self-test. `expected` are the processes that should say something, as they begin: "web", "host on gpu1"."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    asked_by = models.UUIDField(null=True, blank=True, help_text="whoever asked; empty: the command")
    asked_at = models.DateTimeField(db_default=Now())
    expected = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ("-asked_at",)
        indexes = [models.Index(fields=["-asked_at"], name="egress_trials_by_time")]

    def __str__(self) -> str:
        return f"self-test {self.pk}"

    def is_over(self, now: datetime) -> bool:
        """Whether nobody is waited for any more."""
        return not self.silent() or now - self.asked_at > WAIT

    def silent(self) -> list[str]:
        """Return those that should have said something and have not."""
        heard = {probe.process for probe in self.probes.all()}
        return [name for name in self.expected if not any(_is_of(one, name) for one in heard)]


def _is_of(process: str, name: str) -> bool:
    """Whether a process is the one of this name: "web on here" is "web", "host on gpu10" is not "host on gpu1"."""
    return process == name or process.startswith(f"{name} on ")


class Probe(models.Model):
    """What one process found at one address outside."""

    class Outcome(models.TextChoices):
        SILENT = "silent", _("not reached")
        REFUSED = "refused", _("refused")
        REACHED = "reached", _("REACHED")

    trial = models.ForeignKey(Trial, on_delete=models.CASCADE, related_name="probes")
    process = models.CharField(max_length=160, help_text="its role and its machine")
    place = models.CharField(max_length=100)
    outcome = models.CharField(max_length=7, choices=Outcome.choices)
    milliseconds = models.PositiveIntegerField(default=0)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ("process", "id")
        constraints = [models.UniqueConstraint(fields=["trial", "process", "place"], name="a_place_is_tried_once")]

    def __str__(self) -> str:
        return f"{self.process}: {self.place} {self.outcome}"
