"""What auditors ask for, checked. It all stands in the address of the page, as ids and choices and times."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.entry import Result
from audit.queries import Filter
from audit.verbs import VERBS

UUID_SHAPE = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
ACTOR = RegexValidator(
    rf"^({UUID_SHAPE}|unix:\d{{1,10}})\Z", gettext_lazy("Who acted is named by an id here; search by name instead.")
)
TARGET = RegexValidator(
    rf"^({UUID_SHAPE}|\d{{1,19}})\Z", gettext_lazy("A target is named by its id: open an entry and choose it there.")
)
KINDS = ("person", "team", "conversation", "message", "generation", "deployment")
WITHIN = {
    "1h": (gettext_lazy("the last hour"), timedelta(hours=1)),
    "24h": (gettext_lazy("the last 24 hours"), timedelta(days=1)),
    "7d": (gettext_lazy("the last 7 days"), timedelta(days=7)),
    "30d": (gettext_lazy("the last 30 days"), timedelta(days=30)),
    "90d": (gettext_lazy("the last 90 days"), timedelta(days=90)),
}
ASKED = ("actor", "verb", "kind", "target", "result", "within", "since", "until")
TIMES = ("within", "since", "until")
LATEST = datetime(9000, 1, 1, tzinfo=UTC)
MOMENT = "%Y-%m-%dT%H:%M"
BAD_TIME = gettext_lazy("Write a time as 2026-11-24T08:30, in UTC.")


def _verbs() -> list[tuple[str, object]]:
    """Return the choices, grouped by app."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for verb in VERBS.values():
        app, _, done = verb.name.partition(".")
        first = re.split(r"[.;]", verb.description)[0]
        groups.setdefault(app, []).append((verb.name, f"{done.replace('_', ' ')}: {first}"))
    return [("", "any"), *groups.items()]


def _choices(*names: str) -> list[tuple[str, str]]:
    return [("", "any"), *((name, name) for name in names)]


def _moment(label: str) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local", "step": "60"}, format=MOMENT)
    return forms.DateTimeField(required=False, label=label, widget=widget, error_messages={"invalid": BAD_TIME})


class FilterForm(forms.Form):
    """The filters. `person` is a search for somebody and never asks anything of the log itself."""

    person = forms.CharField(
        required=False,
        max_length=120,
        label=gettext_lazy("Find a person"),
        widget=forms.TextInput({"placeholder": gettext_lazy("name or e-mail")}),
    )
    actor = forms.CharField(required=False, validators=[ACTOR], widget=forms.HiddenInput)
    verb = forms.ChoiceField(
        required=False,
        label=gettext_lazy("What"),
        error_messages={"invalid_choice": gettext_lazy("There is no such verb.")},
    )
    result = forms.ChoiceField(
        required=False,
        label=gettext_lazy("Result"),
        choices=_choices(*Result),
        error_messages={"invalid_choice": gettext_lazy("A result is done or refused.")},
    )
    kind = forms.ChoiceField(
        required=False,
        label=gettext_lazy("Kind of target"),
        choices=_choices(*KINDS),
        error_messages={"invalid_choice": gettext_lazy("There is no such kind of target.")},
    )
    target = forms.CharField(required=False, label=gettext_lazy("Target's id"), validators=[TARGET])
    within = forms.ChoiceField(
        required=False,
        label=gettext_lazy("When"),
        choices=[("", gettext_lazy("any time")), *((name, label) for name, (label, _) in WITHIN.items())],
        error_messages={"invalid_choice": gettext_lazy("There is no such span of time.")},
    )
    since = _moment("From (UTC)")
    until = _moment("To (UTC)")
    before = forms.IntegerField(
        required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput, error_messages={"invalid": "?"}
    )

    def __init__(self, data: Any) -> None:
        super().__init__(data, label_suffix="")
        self.fields["verb"].choices = _verbs()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        sent = super().clean() or {}
        since, until = sent.get("since"), sent.get("until")
        for moment in (since, until):
            if moment and not datetime(1970, 1, 2, tzinfo=UTC) <= moment < LATEST:
                raise forms.ValidationError(BAD_TIME)
        if sent.get("within") and (since or until):
            raise forms.ValidationError(_("Choose a span of time or a beginning and an end, not both."))
        if since and until and since >= until:
            raise forms.ValidationError(_("The beginning must be before the end."))
        return sent


def wish_of(sent: Mapping[str, Any], *, now: datetime) -> Filter:
    """Return what a valid form asks for."""
    within = WITHIN[sent["within"]][1] if sent["within"] else None
    return Filter(
        actor=sent["actor"],
        verb=sent["verb"],
        kind=sent["kind"],
        target=sent["target"],
        result=sent["result"],
        since=now - within if within else sent["since"],
        until=sent["until"],
    )


def facts_of(sent: Mapping[str, Any]) -> dict[str, str]:
    """Return what was asked for as an entry may say it: ids, choices and times, never what somebody typed to search."""
    asked = {name: sent[name] for name in ASKED if sent[name]}
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in asked.items()}


def query_of(sent: Mapping[str, Any], **more: object) -> str:
    """Return the filters as the end of an address, changed by `more`; what is None or empty is left away."""
    asked = {name: sent.get(name) for name in ASKED} | more
    moments = {
        name: value.strftime("%Y-%m-%dT%H:%M:%S") for name, value in asked.items() if isinstance(value, datetime)
    }
    return urlencode({name: value for name, value in (asked | moments).items() if value})


def complaints(form: forms.Form) -> list[str]:
    """Return what is wrong, one sentence each."""
    return [str(error) for errors in form.errors.values() for error in errors]
