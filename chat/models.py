"""Conversations, their messages, and the life of each answer."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext_noop, ngettext

from chat.reasons import REASONS
from chat.scopes import ScopedManager

CUT = gettext_noop("The answer reached its longest length.")


class Project(models.Model):
    """A folder of chats, with words that models read before them. A shared one is its team's; its chats are not."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="projects")
    team = models.ForeignKey("accounts.Team", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    instructions = models.TextField(blank=True, default="")
    shared = models.BooleanField(default=False)
    created_at = models.DateTimeField(db_default=Now())
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["deleted_at"], condition=Q(deleted_at__isnull=False), name="project_deleted"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("chat:project", args=[self.pk])


class Conversation(models.Model):
    """One chat of one person, in one of their teams. `head` is the message whose branch is shown."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="conversations")
    team = models.ForeignKey("accounts.Team", on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200, blank=True, default="")
    # Head, parent and attachments stand in the same chat and go with it: checking each took half of a purge's time.
    head = models.ForeignKey(
        "chat.Message", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False
    )
    deployment = models.ForeignKey(
        "models_admin.Deployment", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())
    last_activity_at = models.DateTimeField(db_default=Now())
    deleted_at = models.DateTimeField(null=True, blank=True)
    pinned = models.BooleanField(default=False)
    archived_at = models.DateTimeField(null=True, blank=True, help_text="put away: found, but not in the list")
    unread = models.BooleanField(
        default=False, db_default=False, help_text="an answer has ended since its owner looked"
    )
    project = models.ForeignKey(Project, null=True, blank=True, on_delete=models.SET_NULL, related_name="conversations")
    draft = models.TextField(blank=True, default="", db_default="", help_text="what its owner has written and not sent")
    temporary_until = models.DateTimeField(null=True, blank=True, help_text="the end that was shown; never moved back")
    kept_until = models.DateTimeField(null=True, blank=True, help_text="a wish to keep it longer was granted")

    objects: ClassVar[ScopedManager["Conversation"]] = ScopedManager()

    class Meta:
        indexes = [
            models.Index(
                fields=["owner", "-last_activity_at", "id"],
                condition=Q(deleted_at=None),
                name="chat_of_owner_by_activity",
            ),
            models.Index(
                fields=["owner", "-pinned", "-last_activity_at", "id"],
                condition=Q(deleted_at=None, archived_at=None),
                name="chat_in_list",
            ),
            models.Index(
                fields=["owner", "-archived_at"],
                condition=Q(deleted_at=None, archived_at__isnull=False),
                name="chat_archived",
            ),
            models.Index(
                fields=["owner", "-deleted_at"],
                condition=Q(deleted_at__isnull=False),
                name="chat_deleted_by_owner",
            ),
            models.Index(fields=["team", "last_activity_at"], name="chat_of_team_by_activity"),
            models.Index(fields=["last_activity_at"], name="chat_by_activity"),
            models.Index(fields=["deleted_at"], condition=Q(deleted_at__isnull=False), name="chat_deleted"),
            models.Index(fields=["temporary_until"], condition=Q(temporary_until__isnull=False), name="chat_temporary"),
        ]

    def __str__(self) -> str:
        return f"conversation {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("chat:conversation", args=[self.pk])


class Message(models.Model):
    """A question or an answer. Messages form a tree: an edit or a second answer is a sibling."""

    class Role(models.TextChoices):
        USER = "user"
        ASSISTANT = "assistant"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="messages")
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="children", db_constraint=False
    )
    role = models.CharField(max_length=10, choices=Role.choices)
    text = models.TextField(blank=True, default="")
    created_at = models.DateTimeField(db_default=Now())

    objects: ClassVar[ScopedManager["Message"]] = ScopedManager()

    def __str__(self) -> str:
        return f"{self.role} message {self.pk}"


class File(models.Model):
    """Bytes that somebody attached, kept on disk under the id. The same bytes of one person are kept once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField(help_text="bytes")
    media_type = models.CharField(max_length=100)
    created_at = models.DateTimeField(db_default=Now())

    objects: ClassVar[ScopedManager["File"]] = ScopedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "sha256"], name="one_file_per_bytes_of_a_person")]

    def __str__(self) -> str:
        return f"file {self.pk}"

    @property
    def shown_size(self) -> str:
        """The size in words, as static/hearth/js/attach.js says it too."""
        if self.size < 1000:
            return ngettext("%(n)s byte", "%(n)s bytes", self.size) % {"n": self.size}
        kilobytes = self.size / 1000
        said = (
            number_format(round(kilobytes, 1), 1)
            if self.size < 9950
            else number_format(round(kilobytes), force_grouping=True)
        )
        return f"{said} kB"


class Attachment(models.Model):
    """One use of a file: it stands before a question, under the name that the person gave it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attachments", db_constraint=False)
    file = models.ForeignKey(File, on_delete=models.PROTECT, related_name="uses")
    name = models.CharField(max_length=255)
    position = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(db_default=Now())

    objects: ClassVar[ScopedManager["Attachment"]] = ScopedManager()

    def __str__(self) -> str:
        return f"attachment {self.pk}"


class Feedback(models.Model):
    """What the owner of a chat thinks of an answer. It goes with the answer."""

    class Thumb(models.TextChoices):
        UP = "up"
        DOWN = "down"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="feedback", db_constraint=False)
    thumb = models.CharField(max_length=4, choices=Thumb.choices)
    reasons = models.JSONField(default=list, help_text="names of reasons that were ticked")
    comment = models.CharField(max_length=2000, blank=True, default="")
    created_at = models.DateTimeField(db_default=Now())

    objects: ClassVar[ScopedManager["Feedback"]] = ScopedManager()

    def __str__(self) -> str:
        return f"feedback {self.pk}"

    @property
    def offered(self) -> list[tuple[str, Promise, bool]]:
        """Return the reasons that go with its thumb: name, words, and whether it is ticked."""
        return [(name, words, name in self.reasons) for name, words in REASONS[self.thumb].items()]


class Draft(models.Model):
    """What somebody has written for a new chat and not sent. That of a chat stands in the chat."""

    owner = models.OneToOneField(settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="+")
    text = models.TextField(blank=True, default="")
    updated_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"draft of {self.owner_id}"


class Recipe(models.Model):
    """How answers were made (`recipes`): one row for all that were made alike."""

    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the facts as sorted JSON")
    facts = models.JSONField()
    first_used_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"recipe {self.pk}"


class Generation(models.Model):
    """The life of one answer. PostgreSQL is the queue; every write of a worker is fenced by `attempt`."""

    class State(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        DONE = "done"
        STOPPED = "stopped"
        INTERRUPTED = "interrupted"
        FAILED = "failed"

    LIVE = (State.QUEUED, State.RUNNING)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="generation")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey("accounts.Team", on_delete=models.PROTECT, related_name="+")
    deployment = models.ForeignKey("models_admin.Deployment", on_delete=models.PROTECT, related_name="+")
    client_id = models.UUIDField()

    state = models.CharField(max_length=12, choices=State.choices, default=State.QUEUED)
    reason = models.CharField(max_length=500, blank=True, default="")
    attempt = models.PositiveIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0, help_text="attempts that ended with the death of their worker")
    rounds = models.PositiveIntegerField(default=1, help_text="how often it was asked to go on, and the first")
    lease_until = models.DateTimeField(null=True, blank=True)
    stop_requested = models.BooleanField(default=False)

    model_name = models.CharField(max_length=200, blank=True, default="")
    model_sha256 = models.CharField(max_length=64, blank=True, default="")
    parameters = models.JSONField(default=dict)
    # No index: nobody asks which answers a recipe made, and a million rows would have it.
    recipe = models.ForeignKey(
        Recipe, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    left_premises = models.BooleanField(default=False, help_text="it was asked of somebody else's server")
    repeats = models.UUIDField(null=True, blank=True, help_text="the answer of this chat that it is compared with")
    pair = models.UUIDField(null=True, blank=True, help_text="shared by two answers that are asked side by side")
    chat = models.UUIDField(null=True, blank=True, help_text="of its message, for the queue")
    seed = models.BigIntegerField(default=0)
    prompt_tokens = models.PositiveIntegerField(default=0)
    prefilled_tokens = models.PositiveIntegerField(default=0)
    output_tokens = models.PositiveIntegerField(default=0)
    decode_seconds = models.FloatField(default=0)
    left_out = models.PositiveIntegerField(default=0, help_text="oldest turns that no longer fitted the context")
    queued_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True, blank=True)
    first_word_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[ScopedManager["Generation"]] = ScopedManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "client_id"], name="one_answer_per_client_id"),
            models.CheckConstraint(
                condition=Q(state="running", lease_until__isnull=False) | (~Q(state="running") & Q(lease_until=None)),
                name="running_means_leased",
            ),
        ]
        indexes = [
            models.Index(fields=["deployment", "queued_at"], condition=Q(state="queued"), name="chat_waiting"),
            models.Index(fields=["lease_until"], condition=Q(state="running"), name="chat_running"),
            models.Index(
                fields=["chat", "queued_at"], condition=Q(state="queued") | Q(state="running"), name="chat_under_way"
            ),
            models.Index(fields=["deployment", "-ended_at"], condition=Q(state="done"), name="chat_done_lately"),
            models.Index(
                fields=["ended_at"],
                condition=Q(state="stopped") | Q(state="interrupted") | Q(state="failed"),
                name="chat_cut_lately",
            ),
        ]

    def __str__(self) -> str:
        return f"generation {self.pk}, {self.state}"

    @property
    def is_live(self) -> bool:
        """Whether words may still come."""
        return self.state in self.LIVE

    @classmethod
    def cut(cls) -> Q:
        """Match answers that can be asked to go on behind their last word."""
        return Q(state__in=[cls.State.STOPPED, cls.State.INTERRUPTED]) | Q(state=cls.State.DONE, reason=CUT)

    @property
    def can_continue(self) -> bool:
        """Whether the same answer can be asked to go on behind its last word: `cut` for one row."""
        return self.state in (self.State.STOPPED, self.State.INTERRUPTED) or (
            self.state == self.State.DONE and self.reason == CUT
        )

    @property
    def tokens_per_second(self) -> float | None:
        """Tokens said per second of decoding, or None before there is anything to say."""
        return self.output_tokens / self.decode_seconds if self.decode_seconds and self.output_tokens else None
