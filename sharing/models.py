"""Snapshots of chats that somebody lets colleagues read. They go with the chat, whoever deletes it and how.

The database itself deletes them with it: a purge of chats knows nothing of shares. So every foreign key on the way
there is one of the migration's own (`ON DELETE CASCADE`), and Django's is left out.
"""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse

from sharing.scopes import ShareManager


class Share(models.Model):
    """One branch of a chat as it was when its owner shared it. `expires_at` is None for as long as the chat is kept."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    conversation = models.ForeignKey(
        "chat.Conversation", on_delete=models.CASCADE, related_name="shares", db_constraint=False
    )
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200, blank=True, default="")
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[ShareManager["Share"]] = ShareManager()

    class Meta:
        indexes = [
            models.Index(fields=["owner", "-created_at", "id"], name="shares_of_owner"),
            models.Index(fields=["expires_at"], condition=Q(expires_at__isnull=False), name="shares_by_end"),
            models.Index(fields=["revoked_at"], condition=Q(revoked_at__isnull=False), name="shares_revoked"),
        ]

    def __str__(self) -> str:
        return f"share {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("sharing:share", args=[self.pk])


class SharedMessage(models.Model):
    """One message of a share as it was. `message` is that of the chat: files that still hang on it are named by it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    share = models.ForeignKey(Share, on_delete=models.CASCADE, related_name="messages", db_constraint=False)
    message = models.UUIDField()
    position = models.PositiveIntegerField()
    role = models.CharField(max_length=10)
    text = models.TextField(blank=True, default="")
    model_name = models.CharField(max_length=200, blank=True, default="")
    left_premises = models.BooleanField(default=False)
    reason = models.CharField(max_length=500, blank=True, default="", help_text="why an answer ended before its end")

    objects: ClassVar[ShareManager["SharedMessage"]] = ShareManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["share", "position"], name="one_message_per_place")]

    def __str__(self) -> str:
        return f"shared message {self.pk}"


class ShareWith(models.Model):
    """Who may read a share: a person, or whoever is in a team when they read."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    share = models.ForeignKey(Share, on_delete=models.CASCADE, related_name="readers", db_constraint=False)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    team = models.ForeignKey("accounts.Team", null=True, blank=True, on_delete=models.CASCADE, related_name="+")

    objects: ClassVar[ShareManager["ShareWith"]] = ShareManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, team=None) | Q(person=None, team__isnull=False),
                name="a_person_or_a_team",
            ),
            models.UniqueConstraint(fields=["share", "person", "team"], nulls_distinct=False, name="named_once"),
        ]

    def __str__(self) -> str:
        return f"reader of {self.share_id}"
