"""What a team's administrators send about its models."""

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.models import Team
from accounts.office_forms import NO_SUCH, OfficeForm
from models_admin.models import Deployment, TeamModel
from models_admin.queries import choice_of

EVERY, SOME = "every", "some"


def offered_to(team: Team) -> QuerySet[Deployment]:
    """Return the models that a team may choose from: what is switched on, and what it has chosen already."""
    mine = TeamModel.objects.filter(team=team, deployment=OuterRef("pk"))
    return Deployment.objects.filter(Q(enabled=True) | Exists(mine))


class TeamModelsForm(OfficeForm):
    """Which models a team uses, and which of them its new chats ask."""

    which = forms.ChoiceField(
        label="Which models this team uses",
        choices=[(EVERY, "Every model, those that are added later too"), (SOME, "Only the models that are ticked")],
        widget=forms.RadioSelect,
        error_messages={**NO_SUCH, "required": "Say whether it is every model, or only those that are ticked."},
    )
    models = forms.ModelMultipleChoiceField(
        Deployment.objects.none(),
        label="Models",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "One of these models is no longer there."},
    )
    default = forms.ModelChoiceField(
        Deployment.objects.none(),
        label="New chats ask",
        required=False,
        empty_label="the first one of the list",
        error_messages=NO_SUCH,
        widget=forms.Select({"data-among": "models"}),
        help_text="One of the models that are ticked. People can still pick another one of them.",
    )

    def __init__(self, data: Any = None, *, team: Team) -> None:
        choice = choice_of(team)
        usual = next((pk for pk, is_default in choice.items() if is_default), None)
        super().__init__(data, initial={"which": SOME if choice else EVERY, "models": list(choice), "default": usual})
        for name in ("models", "default"):
            self.fields[name].queryset = offered_to(team)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """With every model there is no choice, and so no default."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("which") == EVERY:
            return cleaned | {"models": Deployment.objects.none(), "default": None}
        models, default = cleaned.get("models"), cleaned.get("default")
        if models is not None and not models:
            self.add_error("models", "Tick one model at least, or let the team use every model.")
        elif models is not None and default is not None and default not in models:
            self.add_error("default", "Tick this model too, or let new chats ask another one.")
        return cleaned
