"""How a model is to be run, and how people use it: what administrators send of deployments."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Team
from accounts.office_forms import NO_SUCH, Filters, OfficeForm
from models_admin.deploying import SAMPLING
from models_admin.models import Deployment, Host, ModelFile
from models_admin.queries import NAME_TAKEN, is_named
from models_admin.specs import LOADING, loading_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MOST_SLOTS = 256  # llama.cpp takes no more sequences
MOST_CONTEXT = 1 << 24  # where the file does not say for how much it was trained
LONGEST_PROMPT = 20_000  # characters
HIGHEST_SCALE = 2.0
IDLE = "idle"
KEEPING = [
    (Deployment.Keeping.ALWAYS, gettext_lazy("Always loaded")),
    (Deployment.Keeping.DEMAND, gettext_lazy("Loaded when somebody asks, and then kept")),
    (IDLE, gettext_lazy("Loaded when somebody asks, and unloaded when nobody has asked for a while")),
]
FLASH = [("", gettext_lazy("llama.cpp decides")), ("yes", gettext_lazy("on")), ("no", gettext_lazy("off"))]
WEAR = "wear_"
COMPRESSED = gettext_lazy(
    "A cache of fewer bits needs flash attention. Let llama.cpp decide, switch it on, or choose 16 bits."
)


def _number(
    label: "StrOrPromise", least: int, most: int, help_text: "StrOrPromise" = "", **more: Any
) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=least, max_value=most, help_text=help_text, **more)


def _share(label: "StrOrPromise", least: float, most: float, help_text: "StrOrPromise" = "") -> forms.FloatField:
    widget = forms.NumberInput({"step": "any"})
    return forms.FloatField(label=label, min_value=least, max_value=most, help_text=help_text, widget=widget)


class PickFilters(Filters):
    """Which files are offered for a deployment."""

    q = forms.CharField(
        required=False,
        max_length=120,
        label=gettext_lazy("Search"),
        widget=forms.SearchInput({"placeholder": gettext_lazy("name or file")}),
    )
    after = None  # type: ignore[assignment]  # one page holds them all


class FitForm(OfficeForm):
    """Where a model runs and what the engine is told."""

    hosts = forms.ModelMultipleChoiceField(
        Host.objects.all(),
        label=gettext_lazy("Machines"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": gettext_lazy("One of these machines is no longer there.")},
        help_text=gettext_lazy("None ticked: every machine on which the file lies, those that are added later too."),
    )
    context = _number(gettext_lazy("Context of a conversation (tokens)"), 256, MOST_CONTEXT)
    slots = _number(
        gettext_lazy("Answers at once"),
        1,
        MOST_SLOTS,
        gettext_lazy("Each has a slot with a context of its own; others wait."),
    )
    keeping = forms.ChoiceField(
        label=gettext_lazy("In memory"),
        choices=KEEPING,
        widget=forms.RadioSelect,
        error_messages=NO_SUCH | {"required": gettext_lazy("Say when.")},
    )
    idle_minutes = _number(
        gettext_lazy("Unload it after (minutes)"), 1, 1440, gettext_lazy("1 minute to a day (1,440)."), required=False
    )
    gpu_layers = _number(gettext_lazy("Layers on GPUs"), -1, 10_000, gettext_lazy("-1: all of them; 0: none."))
    flash_attention = forms.ChoiceField(
        label=gettext_lazy("Flash attention"), choices=FLASH, required=False, error_messages=NO_SUCH
    )
    kv_type = forms.ChoiceField(
        label=gettext_lazy("Conversations are kept in"),
        choices=Deployment.KvType.choices,
        error_messages=NO_SUCH,
        help_text=gettext_lazy("Fewer bits take less memory, and answers get a little worse."),
    )
    threads = _number(gettext_lazy("Threads"), 0, 1024, gettext_lazy("0: chosen by the machine."))
    shelf_megabytes = _number(
        gettext_lazy("Shelf (MB)"),
        0,
        1 << 20,
        gettext_lazy("Memory for conversations that wait for their next question."),
    )
    main_gpu = _number(gettext_lazy("Main GPU"), 0, 63, gettext_lazy("Its number; 0 is the first."))
    tensor_split = forms.CharField(
        label=gettext_lazy("Shares of the GPUs"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("For example 3 1. Empty: divided by the memory that is free."),
    )
    sure = forms.BooleanField(label=gettext_lazy("I know that it may not fit. Deploy it all the same."), required=False)

    def __init__(self, data: Any = None, *, file: ModelFile, adapters: list[ModelFile], initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self.file, self.worn = file, {f"{WEAR}{one.pk}": one for one in adapters}
        for name, one in self.worn.items():
            self.fields[name] = _share(str(one), 0, HIGHEST_SCALE)
            self.fields[name].required = False
        if file.context:
            self.fields["context"].help_text = _("The model was trained for up to %(n)s.") % {
                "n": number_format(file.context, force_grouping=True)
            }

    def clean_context(self) -> int:
        context: int = self.cleaned_data["context"]
        if self.file.context and context > self.file.context:
            raise forms.ValidationError(
                _("The model was trained for up to %(n)s tokens.")
                % {"n": number_format(self.file.context, force_grouping=True)}
            )
        return context

    def clean_flash_attention(self) -> bool | None:
        return {"yes": True, "no": False}.get(self.cleaned_data["flash_attention"])

    def clean_tensor_split(self) -> list[float]:
        """Return shares; those of one GPU, or only zeros, are none."""
        try:
            shares = [float(word) for word in self.cleaned_data["tensor_split"].replace(",", " ").split()]
        except ValueError:
            shares = [-1.0]
        if not all(0 <= share <= 1000 for share in shares) or len(shares) > 64:
            raise forms.ValidationError(_("Write a number of 0 or more for each GPU, with spaces between them."))
        return shares if any(shares) else []

    def clean(self) -> dict[str, Any]:
        """Raise what fields say only together."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("kv_type") not in (None, "f16") and cleaned.get("flash_attention") is False:
            self.add_error("flash_attention", COMPRESSED)
        if cleaned.get("keeping") == IDLE and not cleaned.get("idle_minutes") and "idle_minutes" not in self.errors:
            self.add_error("idle_minutes", _("Say after how many minutes."))
        return cleaned

    def adapter_fields(self) -> Iterator[tuple[ModelFile, forms.BoundField]]:
        """Yield each adapter that could be worn, with the field for its weight."""
        for name, one in self.worn.items():
            yield one, self[name]

    def settings(self) -> dict[str, Any]:
        """Return the fields of a deployment."""
        cleaned = self.cleaned_data
        idle = cleaned["keeping"] == IDLE
        kept = {
            "keeping": Deployment.Keeping.DEMAND if idle else cleaned["keeping"],
            "idle_minutes": cleaned["idle_minutes"] if idle else 0,
        }
        return {name: cleaned[name] for name in LOADING} | kept

    def adapters(self) -> dict[UUID, float]:
        """Return the weight of each adapter that is worn."""
        weights = {one.pk: self.cleaned_data[name] for name, one in self.worn.items()}
        return {pk: weight for pk, weight in weights.items() if weight}

    def adapter_bytes(self) -> int:
        """Return how large the adapters that are worn are."""
        worn = self.adapters()
        return sum(one.size for one in self.worn.values() if one.pk in worn)


def fit_values(deployment: Deployment) -> dict[str, Any]:
    """Return how a deployment is run, as the form shows it."""
    flash = {True: "yes", False: "no", None: ""}[deployment.flash_attention]
    idle = deployment.keeping == Deployment.Keeping.DEMAND and deployment.idle_minutes
    shown = {
        "keeping": IDLE if idle else deployment.keeping,
        "idle_minutes": deployment.idle_minutes or 15,
        "flash_attention": flash,
        "tensor_split": " ".join(f"{share:g}" for share in deployment.tensor_split),
    }
    fields = loading_of(deployment) | shown
    if deployment.pk is None or deployment._state.adding:
        return fields | {"hosts": []}
    worn = {f"{WEAR}{one.file_id}": one.scale for one in deployment.worn.all()}
    return fields | worn | {"hosts": list(deployment.hosts.values_list("pk", flat=True))}


def _teams(label: "StrOrPromise", help_text: "StrOrPromise") -> "forms.ModelMultipleChoiceField[Team]":
    return forms.ModelMultipleChoiceField(
        Team.objects.order_by("name"),
        label=label,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=help_text,
        error_messages={"invalid_choice": gettext_lazy("One of these teams is no longer there.")},
    )


class UseForm(OfficeForm):
    """What people see of a model, how it answers, and which teams may ask it."""

    name = forms.CharField(
        max_length=200, label=gettext_lazy("Name"), help_text=gettext_lazy("People choose models by it.")
    )
    system_prompt = forms.CharField(
        max_length=LONGEST_PROMPT,
        label=gettext_lazy("What it is told before every chat"),
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text=gettext_lazy("The system prompt. The audit log says that it was changed, never what stands in it."),
    )
    temperature = _share(gettext_lazy("Temperature"), 0, 5, gettext_lazy("0: always the likeliest word."))
    top_k = _number(gettext_lazy("Top k"), 0, 1_000_000, gettext_lazy("Of so many words one is chosen; 0: of all."))
    top_p = _share(gettext_lazy("Top p"), 0, 1)
    min_p = _share(gettext_lazy("Min p"), 0, 1)
    repeat_penalty = _share(gettext_lazy("Repeat penalty"), 0, 5, gettext_lazy("1: none."))
    max_tokens = _number(gettext_lazy("Longest answer (tokens)"), 1, 1_000_000)
    may_change = forms.MultipleChoiceField(
        label=gettext_lazy("People may set for a question"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": gettext_lazy("There is no such choice.")},
    )
    allowed = _teams(
        gettext_lazy("Only these teams may ask it"), gettext_lazy("None ticked: every team that has not been denied.")
    )
    denied = _teams(gettext_lazy("These teams may not ask it"), gettext_lazy("It holds whatever the team chooses."))

    def __init__(self, data: Any = None, *, deployment: Deployment | None = None, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self.deployment = deployment
        labels = [(name, self.fields[name].label) for name in SAMPLING]
        self.fields["may_change"].choices = labels  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if is_named(name, besides=self.deployment):
            raise forms.ValidationError(NAME_TAKEN)
        return name

    def clean(self) -> dict[str, Any]:
        """A team is allowed or denied, not both."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        both = set(cleaned.get("allowed") or ()) & set(cleaned.get("denied") or ())
        if both:
            names = ", ".join(sorted(map(str, both)))
            self.add_error("denied", _("Allowed and denied at once: %(names)s.") % {"names": names})
        return cleaned

    def settings(self) -> dict[str, Any]:
        """Return the fields of a deployment."""
        cleaned = self.cleaned_data
        return {name: cleaned[name] for name in ("name", "system_prompt", *SAMPLING, "may_change")}

    def teams(self) -> dict[UUID, bool]:
        """Return whether each team of which something is said is allowed."""
        said = ((name == "allowed", team) for name in ("allowed", "denied") for team in self.cleaned_data[name])
        return {team.pk: allowed for allowed, team in said}


def use_values(deployment: Deployment) -> Mapping[str, Any]:
    """Return how people use a deployment, as the form shows it."""
    fields = ("name", "system_prompt", *SAMPLING, "may_change")
    shown = {name: getattr(deployment, name) for name in fields}
    if deployment._state.adding:
        return shown
    said = dict(deployment.said_of_teams.values_list("team", "allowed"))
    allowed = [pk for pk, yes in said.items() if yes]
    return shown | {"allowed": allowed, "denied": [pk for pk, yes in said.items() if not yes]}
