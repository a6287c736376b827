"""Which model files are hosted, and how."""

import uuid

from django.db import models
from django.db.models.functions import Now

from accounts.models import Team


class Deployment(models.Model):
    """One model file as the hosts should run it (desired), and what a host last said of it (observed)."""

    class State(models.TextChoices):
        COLD = "cold", "not loaded"
        LOADING = "loading", "loading"
        READY = "ready", "ready"
        REFUSED = "refused", "refused"

    class KvType(models.TextChoices):
        F16 = "f16", "16 bits"
        Q8_0 = "q8_0", "8 bits"
        Q4_0 = "q4_0", "4 bits"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200)
    path = models.CharField(max_length=1000, unique=True)
    enabled = models.BooleanField(default=True)
    demo = models.BooleanField(default=False, help_text="the file says that it is a demo model")
    slots = models.PositiveSmallIntegerField(default=8)
    context = models.PositiveIntegerField(default=4096, help_text="tokens per slot")
    threads = models.PositiveSmallIntegerField(default=0, help_text="0: chosen by the machine")
    gpu_layers = models.IntegerField(default=0, help_text="layers on the GPU; -1: all")
    main_gpu = models.PositiveSmallIntegerField(default=0)
    tensor_split = models.JSONField(default=list, blank=True, help_text="shares of the GPUs")
    flash_attention = models.BooleanField(null=True, blank=True, help_text="empty: llama.cpp decides")
    kv_type = models.CharField(max_length=10, choices=KvType.choices, default=KvType.F16)
    shelf_megabytes = models.PositiveIntegerField(default=1024, help_text="memory for idle conversations' states")
    temperature = models.FloatField(default=0.7)
    max_tokens = models.PositiveIntegerField(default=1024)
    system_prompt = models.TextField(blank=True, default="")

    state = models.CharField(max_length=10, choices=State.choices, default=State.COLD)
    reason = models.CharField(max_length=500, blank=True, default="")
    sha256 = models.CharField(max_length=64, blank=True, default="")
    architecture = models.CharField(max_length=60, blank=True, default="")
    quantisation = models.CharField(max_length=30, blank=True, default="")
    heard_at = models.DateTimeField(null=True, blank=True, help_text="when a host last said that it serves this")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ("created_at",)
        constraints = [
            # llama.cpp reads a compressed V cache through flash attention only
            models.CheckConstraint(
                condition=models.Q(kv_type="f16") | ~models.Q(flash_attention=False) | models.Q(flash_attention=None),
                name="compressed_cache_wants_flash_attention",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_ready(self) -> bool:
        """Whether a host has it in memory."""
        return self.state == self.State.READY

    @property
    def state_label(self) -> str:
        """The state in words."""
        return str(self.State(self.state).label)


class TeamModel(models.Model):
    """A model that a team has chosen. A team with no such row has not chosen, and may ask every model."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    # A model that went with its rows would open all the others to a team that had chosen it alone.
    deployment = models.ForeignKey(Deployment, on_delete=models.PROTECT, related_name="+")
    is_default = models.BooleanField(default=False, help_text="the one that new chats ask")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "deployment"], name="one_choice_of_a_model"),
            models.UniqueConstraint(fields=["team"], condition=models.Q(is_default=True), name="one_default_of_a_team"),
        ]

    def __str__(self) -> str:
        return f"{self.deployment_id} for {self.team_id}"
