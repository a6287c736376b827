"""Machines that host models, and what they said of themselves: observed. Only hosts write here."""

import uuid

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy

from models_admin.models.deployments import Deployment


class Host(models.Model):
    """One machine's worker. It speaks every two seconds while it lives."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=100, unique=True)
    version = models.CharField(max_length=60, blank=True, default="", help_text="of the engine")
    started_at = models.DateTimeField(db_default=Now())
    heard_at = models.DateTimeField(db_default=Now())
    cores = models.PositiveIntegerField(default=0)
    cpu = models.FloatField(default=0, help_text="per cent of all cores")
    ram_total = models.BigIntegerField(default=0, help_text="bytes")
    ram_free = models.BigIntegerField(default=0, help_text="bytes that could be had without swapping")
    disk_free = models.BigIntegerField(default=0, help_text="bytes, where the models lie")
    offloads = models.BooleanField(default=False, help_text="llama.cpp was built for GPUs")
    gpus = models.JSONField(default=list, blank=True, help_text="name, total, free, busy, celsius of each")
    files = models.JSONField(default=list, blank=True, help_text="registered files that it sees, by id")

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Placement(models.Model):
    """One deployment on one machine, as that machine last said."""

    State = Deployment.State

    deployment = models.ForeignKey(Deployment, on_delete=models.CASCADE, related_name="placements")
    host = models.ForeignKey(Host, on_delete=models.CASCADE, related_name="placements")
    state = models.CharField(max_length=10, choices=Deployment.State.choices, default=Deployment.State.COLD)
    reason = models.CharField(max_length=500, blank=True, default="")
    revision = models.PositiveIntegerField(default=0, help_text="of the deployment, as it is loaded here")
    since = models.DateTimeField(db_default=Now(), help_text="when this state began")
    retry_at = models.DateTimeField(null=True, blank=True, help_text="unhealthy: when it is tried again")
    retries = models.PositiveSmallIntegerField(default=0, help_text="unhealthy: how often it was tried in vain")
    load_seconds = models.FloatField(default=0)
    memory = models.BigIntegerField(default=0, help_text="bytes, measured after the first step")
    vram = models.BigIntegerField(default=0, help_text="bytes on GPUs, likewise")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["deployment", "host"], name="one_place_on_a_machine")]

    def __str__(self) -> str:
        return f"{self.deployment_id} on {self.host_id}: {self.state}"

    @property
    def state_label(self) -> str:
        """The state in words."""
        return str(self.State(self.state).label)


class Happening(models.Model):
    """Something that happened to a model on a machine: the history, and what crashes are counted from."""

    class What(models.TextChoices):
        LOADED = "loaded", gettext_lazy("loaded")
        UNLOADED = "unloaded", gettext_lazy("unloaded")
        REFUSED = "refused", gettext_lazy("refused")
        CRASHED = "crashed", gettext_lazy("stopped working")
        UNHEALTHY = "unhealthy", gettext_lazy("called unhealthy")
        RECOVERED = "recovered", gettext_lazy("healthy again")
        FORGIVEN = "forgiven", gettext_lazy("an answer was to blame")
        GONE = "gone", gettext_lazy("machine went away")

    deployment = models.ForeignKey(Deployment, null=True, on_delete=models.CASCADE, related_name="happenings")
    host = models.CharField(max_length=100, help_text="its name")
    what = models.CharField(max_length=10, choices=What.choices)
    at = models.DateTimeField(db_default=Now())
    reason = models.CharField(max_length=500, blank=True, default="")
    seconds = models.FloatField(default=0, help_text="that loading took")
    memory = models.BigIntegerField(default=0, help_text="bytes")
    vram = models.BigIntegerField(default=0, help_text="bytes")

    class Meta:
        ordering = ("-at", "-pk")
        indexes = [
            models.Index(fields=["deployment", "-at"], name="models_happened"),
            models.Index(fields=["-at"], name="models_lately"),
        ]

    def __str__(self) -> str:
        return f"{self.deployment_id} on {self.host}: {self.what}"
