"""What is sent about prompts."""

import re
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from prompts.actions import Words

LONGEST = 20_000  # characters
NAME = re.compile(r"[^\W_][\w-]*")


class PromptForm(forms.Form):
    """A prompt. `seen` is the version that was on the page."""

    title = forms.CharField(max_length=120, label=gettext_lazy("Title"))
    name = forms.CharField(
        max_length=40,
        label=gettext_lazy("Name behind the slash"),
        help_text=gettext_lazy("Letters, digits and hyphens, as in /weekly-report."),
        widget=forms.TextInput({"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}),
    )
    text = forms.CharField(
        strip=False, max_length=LONGEST, label=gettext_lazy("Text"), widget=forms.Textarea({"rows": 10})
    )
    starter = forms.BooleanField(required=False, label=gettext_lazy("Offer it in an empty chat"))
    seen = forms.IntegerField(required=False, min_value=1, max_value=2**31 - 1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", "auto_id": "prompt_%s", **kwargs})

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"].removeprefix("/").lower().replace(" ", "-")
        if not NAME.fullmatch(name):
            raise forms.ValidationError(
                _("A name has letters, digits and hyphens, and begins with one of the first two.")
            )
        return name

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"].replace("\r\n", "\n").strip()
        if not text:
            raise forms.ValidationError(_("Write what the prompt says."))
        return text

    def words(self) -> Words:
        """Return what was sent, once it is valid."""
        data = self.cleaned_data
        return Words(data["name"], data["title"], data["text"], data["starter"])


class ShelfFilters(forms.Form):
    """Which prompts are listed. A filter that cannot be used is none."""

    q = forms.CharField(
        required=False,
        max_length=120,
        label=gettext_lazy("Search"),
        widget=forms.SearchInput({"placeholder": gettext_lazy("name or words")}),
    )
    shelf = forms.ChoiceField(required=False, label=gettext_lazy("Shelf"))
    page = forms.IntegerField(required=False, min_value=1, max_value=1000, widget=forms.HiddenInput)

    def __init__(self, *args: Any, shelves: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", "auto_id": "prompts_%s", **kwargs})
        field = self.fields["shelf"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("all")), *shelves]

    def asked(self) -> dict[str, Any]:
        """Return what is asked for."""
        self.is_valid()
        return {name: self.cleaned_data.get(name) or "" for name in self.fields}

    def address(self, **more: object) -> str:
        """Return the filters as the end of an address."""
        return urlencode({name: value for name, value in (self.asked() | {"page": ""} | more).items() if value})
