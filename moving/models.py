"""Files with chats that people bring along, what is in them, and from where each imported chat came."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Import(models.Model):
    """A file of one person: it arrives, is looked at, and the chats that they choose are imported. Gone after days."""

    class State(models.TextChoices):
        ARRIVING = "arriving", _("is being uploaded")
        LOOKING = "looking", _("is being looked at")
        FOUND = "found", _("waits for your choice")
        RUNNING = "running", _("is being imported")
        DONE = "done", _("is imported")
        CANCELLED = "cancelled", _("was cancelled")
        FAILED = "failed", _("cannot be imported")

    OPEN = (State.ARRIVING, State.LOOKING, State.FOUND, State.RUNNING)  # the file is still there
    WORKED_ON = (State.LOOKING, State.RUNNING)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="imports")
    # A team that goes takes nothing along: the report stays, the chats are a matter of their own.
    team = models.ForeignKey("accounts.Team", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.ARRIVING)
    reason = models.CharField(max_length=500, blank=True, default="")
    name = models.CharField(max_length=255, help_text="of the file, as its owner calls it")
    size = models.BigIntegerField(help_text="bytes")
    received = models.BigIntegerField(default=0, help_text="bytes")
    archived = models.BooleanField(default=False, help_text="its chats are put away at once")
    tries = models.PositiveSmallIntegerField(default=0, help_text="how often housekeeping began with it")
    total = models.PositiveIntegerField(default=0, help_text="chats that were chosen")
    created_at = models.DateTimeField(db_default=Now())
    heard_at = models.DateTimeField(db_default=Now(), help_text="something last happened")
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(help_text="the report goes, and the file if it is still there")

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="imports_by_end")]
        constraints = [
            models.UniqueConstraint(
                fields=["owner"],
                condition=Q(state__in=["arriving", "looking", "found", "running"]),
                name="one_open_import_of_a_person",
            )
        ]

    def __str__(self) -> str:
        return f"import {self.pk}, {self.state}"

    @property
    def is_open(self) -> bool:
        """Whether the file is still there, and something can become of it."""
        return self.state in self.OPEN

    @property
    def is_worked_on(self) -> bool:
        """Whether housekeeping has something to do."""
        return self.state in self.WORKED_ON


class Entry(models.Model):
    """One chat in a file, and what became of it. Once it is imported its title stands in the chat alone."""

    class State(models.TextChoices):
        FOUND = "found", _("found")
        IMPORTED = "imported", _("imported")
        HERE = "here", _("here already")
        REFUSED = "refused", _("left out")

    id = models.BigAutoField(primary_key=True)
    move = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="entries")
    place = models.PositiveIntegerField(help_text="in the file, from 0 on")
    rank = models.PositiveIntegerField(default=0, help_text="by the time of its last message, the oldest first")
    title = models.CharField(max_length=200, blank=True, default="")
    began_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    messages = models.PositiveIntegerField(default=0)
    left_out = models.JSONField(default=dict, help_text="how many of what is not taken over")
    chosen = models.BooleanField(default=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.FOUND)
    reason = models.CharField(max_length=300, blank=True, default="")
    conversation = models.UUIDField(null=True, blank=True, help_text="what it became; it may be gone")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["move", "place"], name="one_entry_per_place")]

    def __str__(self) -> str:
        return f"entry {self.place} of {self.move_id}, {self.state}"


class Origin(models.Model):
    """From where an imported chat came. It goes with the chat: the database sees to that, since purges are raw SQL."""

    conversation = models.OneToOneField(
        "chat.Conversation",
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="origin",
        db_constraint=False,  # the migration makes one that deletes
    )
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    source = models.CharField(max_length=10)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the source and its id of the chat")
    created_at = models.DateTimeField(db_default=Now())
    # Whose words these are: a model that Hearth never had. They have no life of their own here (chat.Generation).
    models = models.JSONField(default=dict, help_text="by a message's id, the model that its source names")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "digest"], name="one_chat_per_source")]

    def __str__(self) -> str:
        return f"origin of {self.conversation_id}"
