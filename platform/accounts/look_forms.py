"""What administrators send to change how the house looks."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Organisation
from accounts.office_forms import OfficeForm
from accounts.pictures import MOST_BYTES, Picture, picture_of
from accounts.refusal import Refusal
from accounts.shades import COLOUR

NO_SUCH = {"invalid_choice": gettext_lazy("There is no such choice.")}
OWN_ACCENT = "#b93f0a"
MOMENT = forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class LookForm(OfficeForm):
    """The organisation's colour and logo."""

    own = forms.ChoiceField(
        label=gettext_lazy("Colour"),
        required=False,
        choices=[("", gettext_lazy("Hearth's own")), ("yes", gettext_lazy("this one:"))],
        widget=forms.RadioSelect,
        error_messages=NO_SUCH,
    )
    accent = forms.CharField(
        label=gettext_lazy("Colour of the organisation"),
        required=False,
        max_length=7,
        widget=forms.TextInput({"type": "color"}),
        help_text=gettext_lazy(
            "For buttons, links and marks. It is made darker or lighter where it could not be read."
        ),
    )
    logo = forms.FileField(
        label=gettext_lazy("Logo"),
        required=False,
        widget=forms.FileInput({"accept": "image/png,image/jpeg,image/webp"}),
        help_text=gettext_lazy("PNG, JPEG or WebP, 16 to 1024 pixels wide and high, at most 256 kB."),
    )
    without = forms.BooleanField(label=gettext_lazy("Take the logo away"), required=False)

    def clean_logo(self) -> Picture | None:
        file: UploadedFile[Any] | None = self.cleaned_data["logo"]
        if file is None:
            return None
        try:
            return picture_of(file.read(MOST_BYTES + 1))
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal)) from None

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = self.cleaned_data
        colour = data.get("accent", "").lower() if data.get("own") else ""
        if data.get("own") and not COLOUR.fullmatch(colour):
            self.add_error("accent", _("A colour has six digits behind a #, as in #b93f0a."))
        return data | {"accent": colour}


class BannerForm(OfficeForm):
    """What is announced on every page."""

    text = forms.CharField(
        label=gettext_lazy("Text"),
        required=False,
        max_length=500,
        widget=forms.Textarea({"rows": 2}),
        help_text=gettext_lazy(
            "Plain text; addresses that begin with https:// become links. Empty: nothing is announced."
        ),
    )
    level = forms.ChoiceField(
        label=gettext_lazy("It is"),
        choices=Organisation.Level.choices,
        widget=forms.RadioSelect,
        error_messages=NO_SUCH,
    )
    audience = forms.ChoiceField(
        label=gettext_lazy("For"),
        choices=Organisation.Audience.choices,
        widget=forms.RadioSelect,
        error_messages=NO_SUCH,
    )
    begins = forms.DateTimeField(
        label=gettext_lazy("From (UTC)"), required=False, widget=MOMENT, help_text=gettext_lazy("Empty: at once.")
    )
    ends = forms.DateTimeField(
        label=gettext_lazy("Until (UTC)"),
        required=False,
        widget=MOMENT,
        help_text=gettext_lazy("Empty: until it is taken away."),
    )


def shown_look(house: Organisation) -> dict[str, Any]:
    """Return what the form of the look shows."""
    return {"own": "yes" if house.accent else "", "accent": house.accent or OWN_ACCENT}


def shown_banner(house: Organisation) -> dict[str, Any]:
    """Return what the form of the announcement shows."""
    return {
        "text": house.banner,
        "level": house.banner_level,
        "audience": house.banner_for,
        "begins": house.banner_from,
        "ends": house.banner_until,
    }
