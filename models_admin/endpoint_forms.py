"""What is sent about servers elsewhere."""

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy

from accounts.office_forms import OfficeForm
from models_admin.queries import NAME_TAKEN, is_named

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def _key(help_text: "StrOrPromise") -> forms.CharField:
    widget = forms.PasswordInput({"autocomplete": "off"})
    return forms.CharField(
        label=gettext_lazy("Key"), required=False, max_length=1000, widget=widget, help_text=help_text
    )


class EndpointForm(OfficeForm):
    """A server: what it is called, where it is, and whether what it is asked leaves the premises."""

    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=100, help_text=gettext_lazy("As administrators call it.")
    )
    url = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=500,
        help_text=gettext_lazy("Up to and with /v1, as in http://vllm:8000/v1."),
    )
    leaves = forms.BooleanField(
        label=gettext_lazy("What it is asked leaves the premises: it is somebody else's server"), required=False
    )


class NewEndpointForm(EndpointForm):
    """The same, with the key that it asks for."""

    key = _key(gettext_lazy("Stored encrypted, and never shown again. Empty where the server asks for none."))


class KeyForm(OfficeForm):
    """Another key."""

    key = _key(gettext_lazy("The one before is forgotten. Empty: none is sent any more."))


class RemoteForm(OfficeForm):
    """A model of a server that people may ask."""

    remote_model = forms.CharField(label=gettext_lazy("Model at the server"), max_length=200)
    name = forms.CharField(label=gettext_lazy("Name for people"), max_length=200)
    slots = forms.IntegerField(
        label=gettext_lazy("Answers at once"),
        min_value=1,
        max_value=256,
        initial=8,
        help_text=gettext_lazy("On each machine of yours that asks."),
    )
    context = forms.IntegerField(
        label=gettext_lazy("Context, in tokens"), min_value=256, max_value=4_000_000, initial=8192,
        help_text=gettext_lazy("What the server reads at most; questions that cannot fit are refused at once."),
    )  # fmt: skip

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if is_named(name):
            raise forms.ValidationError(NAME_TAKEN)
        return name


class PolicyForm(OfficeForm):
    """Whether anything may leave the premises."""

    allowed = forms.BooleanField(
        label=gettext_lazy("What people ask may leave the premises, in teams that are allowed to"), required=False
    )
    terms = forms.CharField(
        label=gettext_lazy("What people are told"),
        required=False,
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy(
            "Stands where they ask such a model: who gets what they write, and what must not be sent."
        ),
    )
