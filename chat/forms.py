"""What people send, checked before anything is stored."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_lazy as _lazy

from chat import files
from chat.files import NotTaken, Sent
from chat.models import Feedback
from chat.reasons import REASONS

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

LONGEST_QUESTION = 200_000  # characters
LONGEST_INSTRUCTIONS = 8_000
NOT_TEXT = gettext_lazy("The text contains characters that are not valid UTF-8.")


class FilesInput(forms.FileInput):
    """Any number of files."""

    allow_multiple_selected = True


class FilesField(forms.Field):
    """The text files of a question; what cannot be taken is refused with the reason."""

    widget = FilesInput

    def clean(self, value: "Sequence[UploadedFile[Any]] | None") -> list[Sent]:
        uploads = value or []
        try:
            files.check_count(len(uploads))
            return [self._taken(upload) for upload in uploads]
        except NotTaken as refusal:
            raise forms.ValidationError(str(refusal)) from None

    def _taken(self, upload: "UploadedFile[Any]") -> Sent:
        files.check_size(files.cleaned(upload.name or ""), upload.size or 0)
        return files.taken(upload.name or "", upload.read())


class QuestionForm(forms.Form):
    """A question for a model. `client_id` makes a double click one question."""

    text = forms.CharField(strip=False, error_messages={"required": gettext_lazy("Write a question first.")})
    client_id = forms.UUIDField(error_messages={"required": gettext_lazy("The form is incomplete; reload the page.")})
    deployment = forms.UUIDField(required=False)
    beside = forms.UUIDField(required=False)  # a second model that answers as well
    temporary = forms.BooleanField(required=False)  # of the first question: its chat goes after some hours
    files = FilesField(required=False)  # type: ignore[assignment]  # as the page names them; a form has its own as well

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"].replace("\r\n", "\n").strip()
        if not text:
            raise forms.ValidationError(_("Write a question first."))
        if len(text) > LONGEST_QUESTION:
            raise forms.ValidationError(
                _("The question has %(n)s characters; at most %(most)s can be sent.")
                % {
                    "n": number_format(len(text), force_grouping=True),
                    "most": number_format(LONGEST_QUESTION, force_grouping=True),
                }
            )
        if "\ufffd" in text or any(0xD800 <= ord(character) <= 0xDFFF for character in text):
            raise forms.ValidationError(NOT_TEXT)
        return text


class DraftForm(forms.Form):
    """What somebody is writing. Nothing of it is kept where it is too long to be asked."""

    text = forms.CharField(required=False, strip=False)

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"].replace("\r\n", "\n")
        if len(text) > LONGEST_QUESTION:
            raise forms.ValidationError(
                _("At most %(most)s characters are kept.")
                % {"most": number_format(LONGEST_QUESTION, force_grouping=True)}
            )
        return text


class AgainForm(forms.Form):
    """Another answer to the same question, side by side with the one that is there where that is wished."""

    client_id = forms.UUIDField()
    deployment = forms.UUIDField(required=False)
    beside = forms.BooleanField(required=False)


class ForkForm(forms.Form):
    """Going on in a chat of its own. `client_id` makes a double click one chat."""

    client_id = forms.UUIDField(error_messages={"required": gettext_lazy("The form is incomplete; reload the page.")})


class ThumbForm(forms.Form):
    """What somebody thinks of an answer; without a thumb it is taken back. `whole`: with reasons and a comment."""

    thumb = forms.ChoiceField(choices=Feedback.Thumb.choices, required=False)
    whole = forms.BooleanField(required=False)
    reasons = forms.MultipleChoiceField(
        choices=[(name, label) for reasons in REASONS.values() for name, label in reasons.items()],
        required=False,
    )
    comment = forms.CharField(max_length=2000, required=False)


class TitleForm(forms.Form):
    """A conversation's title."""

    title = forms.CharField(
        max_length=200, error_messages={"required": gettext_lazy("A title needs at least one character.")}
    )


class ArchiveForm(forms.Form):
    """Whether a conversation is put away."""

    archived = forms.BooleanField(required=False)


class PlaceForm(forms.Form):
    """The project of a conversation, or none."""

    project = forms.UUIDField(required=False)


class ProjectForm(forms.Form):
    """A project: its name, what models read before its chats, and whether its team sees it."""

    name = forms.CharField(
        max_length=120,
        error_messages={
            "required": _lazy("A project needs a name."),
            "max_length": _lazy("The name has %(show_value)s characters; at most %(limit_value)s can be kept."),
        },
    )
    instructions = forms.CharField(
        required=False,
        max_length=LONGEST_INSTRUCTIONS,
        error_messages={
            "max_length": _lazy(
                "The instructions have %(show_value)s characters; at most %(limit_value)s can be kept."
            ),
        },
    )
    shared = forms.BooleanField(required=False)

    def clean_instructions(self) -> str:
        text: str = self.cleaned_data["instructions"].replace("\r\n", "\n").strip()
        if "\ufffd" in text or any(0xD800 <= ord(character) <= 0xDFFF for character in text):
            raise forms.ValidationError(NOT_TEXT)
        return text


class NewProjectForm(ProjectForm):
    """The same, in one of the teams in which one may ask."""

    team = forms.UUIDField(required=False)


class RestoreAllForm(forms.Form):
    """The moment at which all chats were deleted."""

    at = forms.DateTimeField()


class DeleteAllForm(forms.Form):
    """That one has read how many chats go."""

    sure = forms.BooleanField(error_messages={"required": _lazy("Say that you want this.")})


class PinForm(forms.Form):
    """Whether a conversation stands at the top of the list."""

    pinned = forms.BooleanField(required=False)


class KeepForm(forms.Form):
    """Why the team should keep a conversation longer. Its administrators read this, and nothing of the chat."""

    reason = forms.CharField(
        max_length=300,
        error_messages={
            "required": gettext_lazy(
                "Say in a few words why: your team's administrators see your reason, and nothing of the chat."
            ),
            "max_length": gettext_lazy(
                "The reason has %(show_value)s characters; at most %(limit_value)s can be sent."
            ),
        },
    )


def first_error(form: forms.Form) -> str:
    """Return the first complaint as a sentence."""
    return next(str(error) for errors in form.errors.values() for error in errors)
