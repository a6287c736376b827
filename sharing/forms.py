"""What people send about shares, checked before anything is stored."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

ENDS = [
    ("1", _("1 day")),
    ("7", _("7 days")),
    ("30", _("30 days")),
    ("90", _("90 days")),
    ("kept", _("As long as the chat is kept")),
]
WRONG = _("The form is incomplete. Reload the page.")


class EndForm(forms.Form):
    """When a share ends. `days` is None for as long as the chat is kept."""

    end = forms.ChoiceField(choices=ENDS, error_messages={"required": WRONG, "invalid_choice": WRONG})

    def clean_end(self) -> int | None:
        end: str = self.cleaned_data["end"]
        return None if end == "kept" else int(end)


class UUIDsField(forms.Field):
    """Some ids, each once."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: Any) -> Any:
        one = forms.UUIDField(error_messages={"invalid": WRONG})
        return {one.clean(each) for each in value or ()}


class ShareForm(EndForm):
    """With whom, and what was previewed: `head` is the last message of it."""

    person = UUIDsField(required=False)
    team = UUIDsField(required=False)
    head = forms.UUIDField(error_messages={"required": WRONG, "invalid": WRONG})


class CopyForm(forms.Form):
    """Into which team; the first in which the reader may ask where none is chosen."""

    team = forms.UUIDField(required=False, error_messages={"invalid": WRONG})
