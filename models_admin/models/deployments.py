"""How models should be run: what is desired. Hosts read these rows again and again, and make them true."""

import uuid

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy

from accounts.models import Team
from models_admin.models.files import LONGEST_SENTENCE, ModelFile


class Endpoint(models.Model):
    """A server that speaks the OpenAI protocol: ours on another machine, or somebody else's outside."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=100, unique=True)
    url = models.CharField(max_length=500, help_text="up to and with /v1")
    sealed_key = models.CharField(max_length=2000, blank=True, default="", help_text="encrypted; empty: none is sent")
    leaves = models.BooleanField(default=False, help_text="what is asked leaves the premises")
    problem = models.CharField(max_length=LONGEST_SENTENCE, blank=True, default="", help_text="of the last test")
    tested_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class OutsidePolicy(models.Model):
    """Whether anything that is asked may leave the premises at all. One row; none: nothing may."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    allowed = models.BooleanField(default=False)
    terms = models.CharField(max_length=2000, blank=True, default="", help_text="what people are told beside the badge")

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_policy_for_outside")]

    def __str__(self) -> str:
        return "allowed" if self.allowed else "not allowed"


class Deployment(models.Model):
    """One model as the hosts should run it (desired), and what they last said of it together (observed).

    It has a file of ours (`path`, `model`) or a model of an endpoint (`endpoint`, `remote_model`).
    """

    class State(models.TextChoices):
        COLD = "cold", gettext_lazy("not loaded")
        LOADING = "loading", gettext_lazy("loading")
        READY = "ready", gettext_lazy("ready")
        DRAINING = "draining", gettext_lazy("finishing")
        REFUSED = "refused", gettext_lazy("refused")
        UNHEALTHY = "unhealthy", gettext_lazy("unhealthy")

    IN_MEMORY = (State.LOADING, State.READY, State.DRAINING)

    class KvType(models.TextChoices):
        F16 = "f16", "16 bits"
        Q8_0 = "q8_0", "8 bits"
        Q4_0 = "q4_0", "4 bits"

    class Keeping(models.TextChoices):
        ALWAYS = "always", gettext_lazy("always loaded")
        DEMAND = "demand", gettext_lazy("loaded when somebody asks")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200)
    path = models.CharField(max_length=1000, blank=True, default="")
    model = models.ForeignKey(
        ModelFile,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="deployments",
        help_text="the file in the registry; empty: no file, as with the stub and with endpoints",
    )
    endpoint = models.ForeignKey(Endpoint, null=True, blank=True, on_delete=models.PROTECT, related_name="deployments")
    remote_model = models.CharField(max_length=200, blank=True, default="", help_text="its name at the endpoint")
    enabled = models.BooleanField(default=True)
    revision = models.PositiveIntegerField(default=1, help_text="counted up by whatever makes hosts load it anew")
    hosts = models.ManyToManyField(
        "models_admin.Host", blank=True, related_name="wanted", help_text="where it runs; none: everywhere it can"
    )
    keeping = models.CharField(max_length=10, choices=Keeping.choices, default=Keeping.ALWAYS)
    idle_minutes = models.PositiveSmallIntegerField(default=0, help_text="unload it then; 0: never")
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
    top_k = models.PositiveIntegerField(default=40)
    top_p = models.FloatField(default=0.95)
    min_p = models.FloatField(default=0.05)
    repeat_penalty = models.FloatField(default=1.0)
    max_tokens = models.PositiveIntegerField(default=1024)
    may_change = models.JSONField(default=list, blank=True, help_text="which of these people may set for a question")
    system_prompt = models.TextField(blank=True, default="")
    title_model = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="names chats; empty: itself",
    )

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
            ),
            models.CheckConstraint(
                condition=models.Q(endpoint=None, remote_model="") & ~models.Q(path="")
                | models.Q(endpoint__isnull=False, path="", model=None) & ~models.Q(remote_model=""),
                name="a_file_or_an_endpoint",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_ready(self) -> bool:
        """Whether a host has it in memory."""
        return self.state == self.State.READY

    @property
    def leaves(self) -> bool:
        """Whether what it is asked leaves the premises."""
        return self.endpoint is not None and self.endpoint.leaves

    @property
    def state_label(self) -> str:
        """The state in words."""
        return str(self.State(self.state).label)


class WornAdapter(models.Model):
    """A LoRA adapter that a deployment wears, in the order of `position`."""

    deployment = models.ForeignKey(Deployment, on_delete=models.CASCADE, related_name="worn")
    file = models.ForeignKey(ModelFile, on_delete=models.PROTECT, related_name="worn_by")
    scale = models.FloatField(default=1.0)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position", "pk")
        constraints = [models.UniqueConstraint(fields=["deployment", "file"], name="an_adapter_is_worn_once")]

    def __str__(self) -> str:
        return f"{self.file_id} at {self.scale}"


class DeploymentTeam(models.Model):
    """What the organisation says of a team and a deployment. A denial wins over the team's own choice.

    Where a deployment has an allowed team, only those teams may ask it. One that leaves the premises has to be allowed.
    """

    deployment = models.ForeignKey(Deployment, on_delete=models.CASCADE, related_name="said_of_teams")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    allowed = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["deployment", "team"], name="one_word_on_a_team")]

    def __str__(self) -> str:
        return f"{self.deployment_id} {'for' if self.allowed else 'not for'} {self.team_id}"


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
