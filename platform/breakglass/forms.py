"""What is sent to ask for a glass."""

from django import forms
from django.utils.translation import gettext_lazy

from breakglass.models import LEAST_REASON, MOST_HOURS, MOST_REASON


class WhoForm(forms.Form):
    """Whom a request is about: words to find somebody by, or the person who was found."""

    q = forms.CharField(max_length=120, required=False, label=gettext_lazy("Name or e-mail address"))
    about = forms.UUIDField(required=False, widget=forms.HiddenInput)


class AskForm(forms.Form):
    """Why, and for how long."""

    reason = forms.CharField(
        min_length=LEAST_REASON,
        max_length=MOST_REASON,
        label=gettext_lazy("Reason"),
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={
            "min_length": gettext_lazy("Write at least %(limit_value)s characters: another person decides by this.")
        },
    )
    reference = forms.CharField(
        max_length=120, required=False, label=gettext_lazy("Reference (a case or ticket number)")
    )
    hours = forms.IntegerField(min_value=1, max_value=MOST_HOURS, initial=4, label=gettext_lazy("For how many hours"))
