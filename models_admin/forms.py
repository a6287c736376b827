"""What is sent about models: which ones a team uses, and what administrators say of a file."""

from typing import Any

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Team
from accounts.office_forms import NO_SUCH, Filters, OfficeForm
from models_admin.models import LONGEST_SENTENCE, LONGEST_TEXT, Deployment, ModelFile, TeamModel
from models_admin.queries import choice_of

EVERY, SOME = "every", "some"


def offered_to(team: Team) -> QuerySet[Deployment]:
    """Return the models that a team may choose from: what is switched on, and what it has chosen already."""
    mine = TeamModel.objects.filter(team=team, deployment=OuterRef("pk"))
    return Deployment.objects.filter(Q(enabled=True) | Exists(mine))


class TeamModelsForm(OfficeForm):
    """Which models a team uses, and which of them its new chats ask."""

    which = forms.ChoiceField(
        label=gettext_lazy("Which models this team uses"),
        choices=[
            (EVERY, gettext_lazy("Every model, those that are added later too")),
            (SOME, gettext_lazy("Only the models that are ticked")),
        ],
        widget=forms.RadioSelect,
        error_messages={
            **NO_SUCH,
            "required": gettext_lazy("Say whether it is every model, or only those that are ticked."),
        },
    )
    models = forms.ModelMultipleChoiceField(
        Deployment.objects.none(),
        label=gettext_lazy("Models"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": gettext_lazy("One of these models is no longer there.")},
    )
    default = forms.ModelChoiceField(
        Deployment.objects.none(),
        label=gettext_lazy("New chats ask"),
        required=False,
        empty_label=gettext_lazy("the first one of the list"),
        error_messages=NO_SUCH,
        widget=forms.Select({"data-among": "models"}),
        help_text=gettext_lazy("One of the models that are ticked. People can still pick another one of them."),
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
            self.add_error("models", _("Tick one model at least, or let the team use every model."))
        elif models is not None and default is not None and default not in models:
            self.add_error("default", _("Tick this model too, or let new chats ask another one."))
        return cleaned


FINDABLE = ("architecture", "quantisation", "licence")


class FileFilters(Filters):
    """Which model files are listed. What a list holds is what there is to choose from."""

    q = forms.CharField(
        required=False,
        max_length=120,
        label=gettext_lazy("Search"),
        widget=forms.SearchInput({"placeholder": gettext_lazy("name or file")}),
    )
    state = forms.ChoiceField(required=False, label=gettext_lazy("State"))
    architecture = forms.ChoiceField(required=False, label=gettext_lazy("Architecture"))
    quantisation = forms.ChoiceField(required=False, label=gettext_lazy("Quantisation"))
    licence = forms.ChoiceField(required=False, label=gettext_lazy("Licence"))
    after = None  # type: ignore[assignment]  # one page holds them all

    def __init__(self, data: Any) -> None:
        super().__init__(data)
        states = [*ModelFile.State.choices, ("deprecated", "deprecated"), ("unused", "not deployed")]
        self.fields["state"].choices = [("", "any"), *states]  # type: ignore[attr-defined]
        for name in FINDABLE:
            there = ModelFile.objects.exclude(**{name: ""}).order_by(name).values_list(name, flat=True).distinct()
            self.fields[name].choices = [("", "any"), *((one, one) for one in there)]  # type: ignore[attr-defined]


def _text(label: str, help_text: str, *, most: int = LONGEST_TEXT) -> forms.CharField:
    rows = 4 if most == LONGEST_TEXT else 2
    return forms.CharField(
        label=label, help_text=help_text, required=False, max_length=most, widget=forms.Textarea({"rows": rows})
    )


class CardForm(OfficeForm):
    """What administrators say of a file. Plain text: nothing of it is shown as anything else."""

    source = _text("Source", "Where the file came from: an address, a ticket, a person.", most=LONGEST_SENTENCE)
    intended_use = _text("Intended use", "What people here may and should use it for.")
    limits = _text("Known limits", "What it does badly: languages, sums, recent events, long texts.")
    notes = _text("Notes", "Whatever else administrators should know.")
    demo = forms.BooleanField(
        label=gettext_lazy("It is a demo: answers of it are marked, so that nobody relies on them."), required=False
    )


class FetchForm(OfficeForm):
    """Which file of which repository is to be fetched from a hub."""

    repository = forms.CharField(
        label=gettext_lazy("Repository"), max_length=200, help_text=gettext_lazy("owner/name, as the hub shows it.")
    )
    file = forms.CharField(
        label=gettext_lazy("File"),
        max_length=200,
        help_text=gettext_lazy("Its name in the repository, ending with .gguf."),
    )


class MarkForm(OfficeForm):
    """Whether a file is deprecated, and what should be used instead."""

    deprecated = forms.BooleanField(
        label=gettext_lazy("Deprecated: it should not be deployed any more"), required=False
    )
    replacement = forms.ModelChoiceField(
        ModelFile.objects.none(),
        label=gettext_lazy("Use instead"),
        required=False,
        empty_label=gettext_lazy("nothing in particular"),
        error_messages=NO_SUCH,
    )

    def __init__(self, data: Any = None, *, file: ModelFile) -> None:
        super().__init__(data, initial={"deprecated": file.deprecated, "replacement": file.replacement_id})
        others = ModelFile.objects.filter(Q(state=ModelFile.State.READY) | Q(pk=file.replacement_id))
        self.fields["replacement"].queryset = others.exclude(pk=file.pk)  # type: ignore[attr-defined]
