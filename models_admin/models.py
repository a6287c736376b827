"""Which model files are hosted, and how."""

import uuid

from django.db import models
from django.db.models.functions import Now

from accounts.models import Team

LONGEST_SENTENCE = 500  # characters of a reason
LONGEST_TEXT = 2000  # characters of what people write on a card


def shown_size(size: int) -> str:
    """Return bytes as people say them: 812 kB, 1.1 GB."""
    for unit, factor in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size >= factor:
            return f"{size / factor:,.1f} {unit}" if size < 10 * factor else f"{size / factor:,.0f} {unit}"
    return f"{size} byte{'' if size == 1 else 's'}"


class ModelFile(models.Model):
    """A GGUF file that is registered: where it is, what it was when it was hashed, and what people say of it.

    A model that was split is one row: `path` names the first part, sizes and the hash are of all of them.
    """

    class State(models.TextChoices):
        FOUND = "found", "waits for its hash"
        HASHING = "hashing", "is being hashed"
        READY = "ready", "ready"
        REFUSED = "refused", "refused"
        GONE = "gone", "gone"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200)
    path = models.CharField(max_length=1000, unique=True)
    size = models.BigIntegerField(default=0, help_text="bytes of all parts")
    parts = models.PositiveSmallIntegerField(default=1)
    mark = models.CharField(max_length=64, blank=True, default="", help_text="of the parts' names, sizes and times")
    sha256 = models.CharField(max_length=64, blank=True, default="", help_text="what it must be from now on")
    state = models.CharField(max_length=10, choices=State.choices, default=State.FOUND)
    hashed = models.BigIntegerField(default=0, help_text="bytes, while it is being hashed")
    reason = models.CharField(max_length=LONGEST_SENTENCE, blank=True, default="")

    architecture = models.CharField(max_length=60, blank=True, default="")
    kind = models.CharField(max_length=60, blank=True, default="", help_text="the header's general.type")
    parameters = models.BigIntegerField(default=0)
    quantisation = models.CharField(max_length=30, blank=True, default="")
    context = models.PositiveIntegerField(default=0, help_text="tokens")
    layers = models.PositiveIntegerField(default=0)
    has_template = models.BooleanField(default=False)
    tokenizer = models.CharField(max_length=200, blank=True, default="")
    licence = models.CharField(max_length=200, blank=True, default="")
    languages = models.JSONField(default=list, blank=True)
    author = models.CharField(max_length=200, blank=True, default="")
    base_model = models.CharField(max_length=200, blank=True, default="")
    embeds = models.BooleanField(default=False, help_text="it turns texts into vectors and cannot answer")

    source = models.CharField(max_length=LONGEST_SENTENCE, blank=True, default="")
    intended_use = models.CharField(max_length=LONGEST_TEXT, blank=True, default="")
    limits = models.CharField(max_length=LONGEST_TEXT, blank=True, default="")
    notes = models.CharField(max_length=LONGEST_TEXT, blank=True, default="")
    demo = models.BooleanField(default=False)
    deprecated = models.BooleanField(default=False)
    replacement = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    added_by = models.UUIDField(null=True, blank=True, help_text="who uploaded it; empty: it was found")
    added_at = models.DateTimeField(db_default=Now())
    hashed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("name", "path")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(state="ready") | models.Q(sha256__regex="^[0-9a-f]{64}$"),
                name="ready_files_have_a_hash",
            ),
            models.CheckConstraint(
                condition=models.Q(replacement=None) | models.Q(deprecated=True), name="only_deprecated_are_replaced"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_ready(self) -> bool:
        """Whether it may be deployed."""
        return self.state == self.State.READY

    @property
    def is_waiting(self) -> bool:
        """Whether housekeeping still has to read or hash it."""
        return self.state in (self.State.FOUND, self.State.HASHING)

    @property
    def file(self) -> str:
        """The file's name, without its folder."""
        return self.path.rsplit("/", 1)[-1]

    @property
    def shown_size(self) -> str:
        """The size in words."""
        return shown_size(self.size)

    @property
    def shown_parameters(self) -> str:
        """The number of parameters as people call models by it: 7.2 B, 630 M."""
        if self.parameters >= 10**9:
            return f"{self.parameters / 1e9:,.1f} B"
        return f"{self.parameters / 1e6:,.0f} M" if self.parameters >= 10**6 else f"{self.parameters:,}"


class Upload(models.Model):
    """A file that comes in pieces: how much of it is there. Its bytes stand aside until it is whole.

    `by` is an id alone: an upload lives for a day.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200, help_text="of the file that it becomes")
    size = models.BigIntegerField(help_text="bytes")
    received = models.BigIntegerField(default=0, help_text="bytes, on the disk")
    by = models.UUIDField()
    created_at = models.DateTimeField(db_default=Now())
    heard_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name"], name="one_upload_of_a_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def shown_size(self) -> str:
        """The size in words."""
        return shown_size(self.size)


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
    model = models.ForeignKey(
        ModelFile,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="deployments",
        help_text="the file in the registry; empty: no file, as with the stub",
    )
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
