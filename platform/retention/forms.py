"""What is sent by those who set rules, place holds and look at runs."""

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from accounts.models import Team, User
from accounts.office_forms import NO_SUCH, OfficeForm, TeamFilters
from accounts.refusal import Refusal
from retention import changing
from retention.holding import LEAST_REASON
from retention.models import HouseRules, TeamRules
from retention.wishing import MOST_DAYS

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

WAITS = gettext_lazy("A change waits already. Take it back first, or wait until it holds.")


def _number(
    label: "StrOrPromise", help_text: "StrOrPromise", *, required: bool = True, least: int = 0
) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        help_text=help_text,
        required=required,
        min_value=least,
        max_value=2**31 - 1,
        error_messages={
            "invalid": gettext_lazy("Write a whole number."),
            "max_value": gettext_lazy("This is too large."),
        },
    )


class RulesForm(OfficeForm):
    """Settings that are to change. Once it is valid, `fresh` holds those that differ from what is."""

    team: Team | None = None
    fresh: dict[str, Any]

    def settings(self) -> dict[str, Any]:
        """Return what was sent, as settings."""
        return {name: self.cleaned_data[name] for name in self.base_fields}

    def clean(self) -> None:
        if self.errors:
            return
        try:
            self.fresh = changing.changed(self.team, self.settings())
        except changing.Contradiction as contradiction:
            self.add_error(contradiction.field, str(contradiction))
        except Refusal as refusal:
            self.add_error(None, str(refusal))
        else:
            self._refuse_nothing()

    def _refuse_nothing(self) -> None:
        mine = self.team.pk if self.team else None
        if not self.fresh:
            self.add_error(None, changing.SAME)
        elif any(change.team_id == mine for change in changing.waiting(self.team)):
            self.add_error(None, WAITS)


class HouseRulesForm(RulesForm):
    """Everything that the organisation sets."""

    days = _number(
        gettext_lazy("Chats are kept for (days)"),
        gettext_lazy(
            "Counted from the last question or answer in a chat. Empty: without an end. Teams can set their own."
        ),
        required=False,
    )
    least = _number(
        gettext_lazy("Nothing goes sooner than after (days)"),
        gettext_lazy("A minimum for every team, and for what people delete. 0: none."),
    )
    most = _number(
        gettext_lazy("No team keeps chats longer than (days)"),
        gettext_lazy("A bound for every team, whatever it sets. Empty: none."),
        required=False,
    )
    file_days = _number(
        gettext_lazy("Files are kept for (days)"),
        gettext_lazy("Attached files go then, their chat stays. Empty: as long as their chat."),
        required=False,
    )
    temporary_hours = _number(
        gettext_lazy("Temporary chats live for (hours)"), gettext_lazy("1 to 720. No minimum moves this end.")
    )
    export_hours = _number(
        gettext_lazy("Exports are kept for (hours)"),
        gettext_lazy("1 to 720. Files that somebody had made of their own data."),
    )
    deleting = forms.ChoiceField(
        label=gettext_lazy("Who deletes chats"),
        choices=HouseRules.Deleting.choices,
        widget=forms.RadioSelect,
        error_messages=NO_SUCH,
    )
    grace_days = _number(
        gettext_lazy("Between a person's delete and the end (days)"),
        gettext_lazy("It is hidden at once, and still there so long. 0: it goes with the next sweep."),
    )
    pinned_exempt = forms.ChoiceField(
        label=gettext_lazy("Pinned chats"),
        choices=[("", gettext_lazy("go as others do")), ("yes", gettext_lazy("outlive their period"))],
        required=False,
        widget=forms.RadioSelect,
    )
    delay_hours = _number(
        gettext_lazy("Before shorter rules hold (hours)"),
        gettext_lazy(
            "Whatever lets chats go sooner waits so long, is shown to those concerned, and can be taken "
            "back. At most 720."
        ),
    )
    notice_days = _number(
        gettext_lazy("People hear before their chats go (days)"), gettext_lazy("0: they are not told. At most 90.")
    )
    backup_days = _number(
        gettext_lazy("Backups are kept for (days)"),
        gettext_lazy(
            "Say here what your backups do: each receipt says by which day what it deleted is gone from them, too."
        ),
    )

    def clean_pinned_exempt(self) -> bool:
        return bool(self.cleaned_data["pinned_exempt"])


class TeamRulesForm(RulesForm):
    """What a team sets for itself, within the organisation's bounds."""

    keeps = forms.ChoiceField(
        label=gettext_lazy("Chats are kept"),
        choices=TeamRules.Keeps.choices,
        widget=forms.RadioSelect,
        error_messages=NO_SUCH,
    )
    days = _number(
        gettext_lazy("For how many days"),
        gettext_lazy("Counted from the last question or answer in a chat."),
        required=False,
    )
    file_days = _number(
        gettext_lazy("Files are kept for (days)"),
        gettext_lazy(
            "Attached files go then, their chat stays. Empty: as the organisation's. A team can only keep them shorter."
        ),
        required=False,
    )
    temporary_hours = _number(
        gettext_lazy("Temporary chats live for (hours)"),
        gettext_lazy("Empty: as the organisation's. A team can only keep them shorter."),
        required=False,
    )

    def __init__(self, *args: Any, team: Team, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.team = team

    def clean(self) -> None:
        if self.cleaned_data.get("keeps") != TeamRules.Keeps.DAYS:
            self.cleaned_data["days"] = None
            self.errors.pop("days", None)
        super().clean()


class RuleFilters(TeamFilters):
    """Which teams are listed with their rules."""


class KeepForm(OfficeForm):
    """For how long a chat is kept, counted from now."""

    days = forms.IntegerField(
        label=gettext_lazy("days"), min_value=1, max_value=MOST_DAYS, initial=90, widget=forms.NumberInput({"size": 5})
    )


class WhoForm(forms.Form):
    """On what a hold is to be: words to find somebody by, or what was found."""

    q = forms.CharField(max_length=120, required=False, label=gettext_lazy("Name or e-mail address"))
    person = forms.ModelChoiceField(User.objects.all(), required=False)
    team = forms.ModelChoiceField(
        Team.objects.order_by("name"),
        required=False,
        label=gettext_lazy("Team"),
        empty_label=gettext_lazy("choose a team"),
    )
    conversation = forms.UUIDField(
        required=False,
        label=gettext_lazy("Id of a chat"),
        error_messages={"invalid": gettext_lazy("This is no id. One looks like 0b8f6a52-3c1e-4d5f-9a7b-2e6c8d0f1a34.")},
    )

    ON: ClassVar[tuple[str, ...]] = ("person", "team", "conversation")

    def on(self) -> dict[str, Any]:
        """Return the one thing that was chosen, by what it is; nothing where none was."""
        chosen = {name: self.cleaned_data.get(name) for name in self.ON}
        found = {name: value for name, value in chosen.items() if value}
        return found if len(found) == 1 else {}


class HoldForm(OfficeForm):
    """Why a hold is placed."""

    reason = forms.CharField(
        min_length=LEAST_REASON,
        max_length=1000,
        label=gettext_lazy("Reason"),
        widget=forms.Textarea({"rows": 4}),
        help_text=gettext_lazy("Whoever decides one day whether it can be released reads this."),
        error_messages={"min_length": gettext_lazy("Say why in a sentence: whoever releases it must know.")},
    )
    reference = forms.CharField(
        max_length=120, required=False, label=gettext_lazy("Reference (a case or ticket number)")
    )


class WordsForm(OfficeForm):
    """What chats under a hold must contain."""

    words = forms.CharField(
        max_length=200,
        required=False,
        label=gettext_lazy("Words"),
        help_text=gettext_lazy("As one phrase, in titles and texts. Empty: every chat."),
    )


class IdForm(OfficeForm):
    """The id of something that may have been deleted."""

    id = forms.UUIDField(
        label=gettext_lazy("Id"),
        error_messages={"invalid": gettext_lazy("This is no id. One looks like 0b8f6a52-3c1e-4d5f-9a7b-2e6c8d0f1a34.")},
    )


def rules_form(team: Team | None, *args: Any, **kwargs: Any) -> RulesForm:
    """Return the form of a team's rules, or of the organisation's."""
    return TeamRulesForm(*args, team=team, **kwargs) if team else HouseRulesForm(*args, **kwargs)


def teams_in(filters: RuleFilters, teams: QuerySet[Team]) -> QuerySet[Team]:
    """Return the teams that fit."""
    return teams.filter(name__icontains=filters.asked()["q"])
