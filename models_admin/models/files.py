"""Model files: what is registered, and what comes in pieces."""

import uuid

from django.db import models
from django.db.models.functions import Now
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy, ngettext

LONGEST_SENTENCE = 500  # characters of a reason
LONGEST_TEXT = 2000  # characters of what people write on a card


def shown_size(size: int) -> str:
    """Return bytes as people say them: 812 kB, 1.1 GB."""
    for unit, factor in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size >= factor:
            much = size / factor
            few = size < 10 * factor
            return f"{number_format(round(much, 1 if few else None), 1 if few else None, force_grouping=True)} {unit}"
    return ngettext("%(n)s byte", "%(n)s bytes", size) % {"n": size}


class ModelFile(models.Model):
    """A GGUF file that is registered: where it is, what it was when it was hashed, and what people say of it.

    A model that was split is one row: `path` names the first part, sizes and the hash are of all of them.
    """

    class State(models.TextChoices):
        FOUND = "found", gettext_lazy("waits for its hash")
        HASHING = "hashing", gettext_lazy("is being hashed")
        READY = "ready", gettext_lazy("ready")
        REFUSED = "refused", gettext_lazy("refused")
        GONE = "gone", gettext_lazy("gone")

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
            return f"{number_format(round(self.parameters / 1e9, 1), 1)} B"
        return (
            f"{self.parameters / 1e6:,.0f} M"
            if self.parameters >= 10**6
            else number_format(self.parameters, force_grouping=True)
        )


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


class Download(models.Model):
    """A file that somebody had fetched from a hub: how much of it is here, and how it ended."""

    class State(models.TextChoices):
        ASKED = "asked", gettext_lazy("waits")
        RUNNING = "running", gettext_lazy("is being fetched")
        DONE = "done", gettext_lazy("fetched")
        FAILED = "failed", gettext_lazy("failed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    repository = models.CharField(max_length=200)
    file = models.CharField(max_length=200)
    received = models.BigIntegerField(default=0, help_text="bytes, on the disk")
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    reason = models.CharField(max_length=LONGEST_SENTENCE, blank=True, default="")
    by = models.UUIDField()
    asked_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-asked_at",)

    def __str__(self) -> str:
        return f"{self.file} of {self.repository}"

    @property
    def is_under_way(self) -> bool:
        """Whether it waits or is being fetched."""
        return self.state in (self.State.ASKED, self.State.RUNNING)

    @property
    def shown_received(self) -> str:
        """What is here, in words."""
        return shown_size(self.received)
