"""What people say of the chats that they import."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.authority import Standing, asking_teams_of
from accounts.models import Team

LONGEST_LIST = 60_000  # characters: ten thousand numbers
RANGE = re.compile(r"\s*(\d{1,5})\s*(?:-\s*(\d{1,5})\s*)?")


class StartForm(forms.Form):
    """Into which team the chats go, and which are left. `standing` is that of the person who imports."""

    team = forms.ModelChoiceField(
        Team.objects.none(),
        empty_label=None,
        label=_("Team"),
        help_text=_("The chats are yours alone. The team decides how long they are kept."),
        error_messages={"invalid_choice": _("You cannot put chats into this team."), "required": _("Choose a team.")},
    )
    left = forms.CharField(
        required=False,
        max_length=LONGEST_LIST,
        label=_("Leave out"),
        help_text=_("Numbers of the list below, for example 3, 7-9. With nothing written here, all are imported."),
    )
    archived = forms.BooleanField(required=False, label=_("Put them into the archive, so that the list stays short"))

    def __init__(self, *args: object, standing: Standing, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        teams = self.fields["team"]
        assert isinstance(teams, forms.ModelChoiceField)
        teams.queryset = Team.objects.filter(pk__in=asking_teams_of(standing)).order_by("name")

    def clean_left(self) -> set[int]:
        """Return the places that are left, from 0 on."""
        text: str = self.cleaned_data["left"]
        places: set[int] = set()
        for part in filter(str.strip, text.split(",")):
            match = RANGE.fullmatch(part)
            if match is None:
                raise forms.ValidationError(_("Write numbers with commas between them, for example 3, 7-9."))
            first = int(match[1])
            places.update(range(first - 1, int(match[2] or first)))
        return places
