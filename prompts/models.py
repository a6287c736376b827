"""Prompts: on the shelf of a person, of a team, or of the organisation; and what each was before."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class Prompt(models.Model):
    """Words that somebody wants to use again, as `/name`. Its shelf: its owner's, its team's, else everybody's."""

    class Shelf(models.TextChoices):
        OWN = "own"
        TEAM = "team"
        ORGANISATION = "organisation"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    team = models.ForeignKey("accounts.Team", null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=40)
    title = models.CharField(max_length=120)
    text = models.TextField()
    starter = models.BooleanField(default=False, help_text="shown in an empty chat")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(db_default=Now())
    changed_at = models.DateTimeField(db_default=Now())
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "team", "name"],
                nulls_distinct=False,
                condition=Q(deleted_at=None),
                name="one_prompt_of_a_name_on_a_shelf",
            ),
            models.CheckConstraint(condition=Q(owner=None) | Q(team=None), name="a_prompt_stands_on_one_shelf"),
        ]
        indexes = [
            models.Index(fields=["deleted_at"], condition=Q(deleted_at__isnull=False), name="prompts_deleted"),
        ]

    def __str__(self) -> str:
        return f"prompt {self.pk}"

    @property
    def shelf(self) -> Shelf:
        """Whose it is."""
        if self.owner_id:
            return self.Shelf.OWN
        return self.Shelf.TEAM if self.team_id else self.Shelf.ORGANISATION


class Version(models.Model):
    """What a prompt was from one save to the next. `by` is an id alone: on shared shelves it outlives its person."""

    prompt = models.ForeignKey(Prompt, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    text = models.TextField()
    by = models.UUIDField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prompt", "number"], name="one_version_of_a_number")]

    def __str__(self) -> str:
        return f"version {self.number} of {self.prompt_id}"
