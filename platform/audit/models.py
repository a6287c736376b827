"""The log's rows. Its table and head are made by SQL in the first migration; nothing flushes them, not even tests."""

import uuid
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now


class Entry(models.Model):
    """One fact. `body` is what is hashed; the columns below it are generated from it, so that they cannot differ."""

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    prev = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    body = models.TextField()
    verb = models.TextField(editable=False)
    result = models.TextField(editable=False)
    actor_kind = models.TextField(editable=False)
    actor_id = models.TextField(editable=False, null=True)  # noqa: DJ001 - generated: absent is null
    target_ids = ArrayField(models.TextField(), editable=False)

    class Meta:
        managed = False
        db_table = "audit_entry"

    def __str__(self) -> str:
        return f"entry {self.seq}: {self.verb}"


class Head(models.Model):
    """The end of the chain (`seq`, `hash`), and where it begins: `first_seq`, behind the hash `first_prev`."""

    id = models.SmallIntegerField(primary_key=True)
    seq = models.BigIntegerField()
    hash = models.CharField(max_length=64)
    first_seq = models.BigIntegerField()
    first_prev = models.CharField(max_length=64)

    class Meta:
        managed = False
        db_table = "audit_head"

    def __str__(self) -> str:
        return f"head at {self.seq}"


class Refusals(models.Model):
    """Refusals of one person and verb in the last minute; `held` are those that no entry counts yet."""

    who = models.CharField(max_length=200)
    verb = models.CharField(max_length=60)
    actor: "models.JSONField[Any, Any]" = models.JSONField()
    since = models.DateTimeField(db_default=Now())
    held = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["who", "verb"], name="one_count_of_refusals")]

    def __str__(self) -> str:
        return f"{self.verb} by {self.who}"


class Cursor(models.Model):
    """How far a reader of the log has come (forwarding, alerts)."""

    name = models.CharField(max_length=40, primary_key=True)
    seq = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.name} at {self.seq}"


class Verification(models.Model):
    """One run of the verification that somebody asked for on a page, and how far it is. One runs at a time."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    asked_by = models.UUIDField(null=True, blank=True)
    asked_at = models.DateTimeField(db_default=Now())
    heard_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    checked = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    sound = models.BooleanField(null=True, blank=True, help_text="empty: no result")
    bad_seq = models.BigIntegerField(null=True, blank=True)
    sentence = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        ordering = ("-asked_at",)
        constraints = [
            models.UniqueConstraint(
                fields=["ended_at"],
                condition=models.Q(ended_at=None),
                nulls_distinct=False,
                name="one_verification_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"verification {self.pk}"
