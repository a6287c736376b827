"""What those who keep the house send: filters that stand in the address, and changes."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from accounts.authority import Standing, teams_allowed
from accounts.models import Membership, Organisation, Team, User
from accounts.roles import Power

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

NO_SUCH = {"invalid_choice": gettext_lazy("There is no such choice.")}
ROLE_SAYS = {
    User.Role.OWNER: gettext_lazy("Everything, and makes other owners. Reads nobody's chats."),
    User.Role.ADMIN: gettext_lazy("People, teams, settings and models. Reads nobody's chats."),
    User.Role.AUDITOR: gettext_lazy("Reads the audit log, and is a second person for break-glass. Changes nothing."),
    User.Role.MEMBER: gettext_lazy("Asks in their teams."),
}


TEAM, ANY = gettext_lazy("Team"), gettext_lazy("any")
OF_INVITATIONS = [
    ("open", gettext_lazy("open")),
    ("used", gettext_lazy("used")),
    ("expired", gettext_lazy("expired")),
    ("revoked", gettext_lazy("revoked")),
]


def _any(choices: Iterable[tuple[str, Any]]) -> list[tuple[str, Any]]:
    return [("", ANY), *choices]


class OfficeForm(forms.Form):
    """A form beside others on one page: its fields' ids begin with its name."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": f"{type(self).__name__.lower()}_%s", "label_suffix": "", **kwargs})


class Filters(OfficeForm):
    """A list's filters. `q` is searched for in names and addresses; `after` is the last row of the page above."""

    q = forms.CharField(
        required=False,
        max_length=120,
        label=gettext_lazy("Search"),
        widget=forms.SearchInput({"placeholder": gettext_lazy("name or e-mail")}),
    )
    after = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def asked(self) -> dict[str, Any]:
        """Return what is asked for; a filter that cannot be used is none."""
        self.is_valid()
        return {name: self.cleaned_data.get(name) or "" for name in self.fields}

    def address(self, **more: object) -> str:
        """Return the filters as the end of an address, changed by `more`."""
        asked = {name: value.pk if isinstance(value, Team) else value for name, value in self.asked().items()}
        return urlencode({name: value for name, value in (asked | {"after": ""} | more).items() if value})


def _team(
    teams: QuerySet[Team],
    label: "StrOrPromise" = TEAM,
    empty: "StrOrPromise | None" = ANY,
) -> "forms.ModelChoiceField[Team]":
    return forms.ModelChoiceField(teams.order_by("name"), required=False, label=label, empty_label=empty)


class TeamFilters(Filters):
    """Which teams are listed."""

    q = forms.CharField(
        required=False,
        max_length=120,
        label=gettext_lazy("Search"),
        widget=forms.SearchInput({"placeholder": gettext_lazy("name")}),
    )


class PeopleFilters(Filters):
    """Which people are listed."""

    role = forms.ChoiceField(required=False, label=gettext_lazy("Role"), choices=_any(User.Role.choices))
    team = _team(Team.objects.all())
    state = forms.ChoiceField(
        required=False,
        label=gettext_lazy("State"),
        choices=_any([("active", gettext_lazy("active")), ("deactivated", gettext_lazy("deactivated"))]),
    )


class MemberFilters(Filters):
    """Which people of a team are listed."""

    role = forms.ChoiceField(required=False, label=gettext_lazy("Role"), choices=_any(Membership.Role.choices))


class InvitationFilters(Filters):
    """Which invitations are listed."""

    team = _team(Team.objects.none())
    state = forms.ChoiceField(required=False, label=gettext_lazy("State"), choices=_any(OF_INVITATIONS))

    def __init__(self, data: Any, teams: QuerySet[Team]) -> None:
        super().__init__(data)
        self.fields["team"].queryset = teams.order_by("name")  # type: ignore[attr-defined]


class PersonForm(OfficeForm):
    """Somebody's name and address, corrected."""

    display_name = forms.CharField(max_length=120, label=gettext_lazy("Name"), required=False)
    email = forms.EmailField(
        max_length=254,
        label=gettext_lazy("E-mail address"),
        help_text=gettext_lazy(
            "The address from before is told of another one. No link for a new password is mailed to the other one "
            "before they have signed in with the password that they have."
        ),
    )


class RoleForm(OfficeForm):
    """Somebody's role in the organisation."""

    role = forms.ChoiceField(choices=User.Role.choices, label=gettext_lazy("Role"), error_messages=NO_SUCH)


class TeamRoleForm(OfficeForm):
    """Somebody's part in a team."""

    role = forms.ChoiceField(
        choices=Membership.Role.choices, label=gettext_lazy("Role in the team"), error_messages=NO_SUCH
    )


class JoinTeamForm(TeamRoleForm):
    """A team for somebody who has an account."""

    team = forms.ModelChoiceField(
        Team.objects.none(),
        label=gettext_lazy("Team"),
        empty_label=gettext_lazy("choose a team"),
        error_messages=NO_SUCH,
    )
    field_order = ("team", "role")

    def __init__(self, *args: Any, teams: QuerySet[Team], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = teams.order_by("name")  # type: ignore[attr-defined]
        self.fields["role"].initial = Membership.Role.MEMBER


class NewTeamForm(OfficeForm):
    """A team that does not exist yet."""

    name = forms.CharField(max_length=120, label=gettext_lazy("Name of the new team"))


class TeamForm(OfficeForm):
    """What a team's administrators set."""

    name = forms.CharField(max_length=120, label=gettext_lazy("Name"))


class HandOverForm(OfficeForm):
    """What becomes of what somebody leaves behind."""

    to = forms.EmailField(
        required=False,
        label=gettext_lazy("Hand their teams over to"),
        widget=forms.EmailInput({"placeholder": gettext_lazy("e-mail address")}),
    )


class EraseForm(OfficeForm):
    """Somebody says that they know what cannot be undone."""

    sure = forms.BooleanField(
        label=gettext_lazy("I know that this cannot be undone."),
        error_messages={"required": gettext_lazy("Say that you know it.")},
    )


class DenyForm(OfficeForm):
    """A power that is taken away, and why."""

    power = forms.ChoiceField(label=gettext_lazy("May not"), choices=[(power, power.about.phrase) for power in Power])
    team = _team(Team.objects.all(), empty=gettext_lazy("everywhere"))
    reason = forms.CharField(max_length=300, label=gettext_lazy("Why (they will read this)"))


class InviteForm(OfficeForm):
    """One invitation."""

    email = forms.EmailField(max_length=254, label=gettext_lazy("E-mail address"))
    display_name = forms.CharField(max_length=120, required=False, label=gettext_lazy("Name (they can change it)"))
    team = _team(Team.objects.none(), empty=gettext_lazy("no team yet"))
    team_role = forms.ChoiceField(
        choices=Membership.Role.choices, label=gettext_lazy("Role in the team"), initial="member"
    )
    organisation_role = forms.ChoiceField(
        choices=User.Role.choices, label=gettext_lazy("Role in the organisation"), initial="member"
    )

    def __init__(self, *args: Any, standing: Standing, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everywhere = standing.allows(Power.MANAGE_PEOPLE)
        team: forms.ModelChoiceField[Team] = self.fields["team"]  # type: ignore[assignment]
        team.queryset = teams_allowed(standing, Power.INVITE_TO_TEAM).order_by("name")
        team.required, team.empty_label = not everywhere, ("no team yet" if everywhere else None)
        if not standing.allows(Power.CHANGE_ORGANISATION_ROLES):
            del self.fields["organisation_role"]
        elif not standing.allows(Power.MAKE_OWNERS):
            role: forms.ChoiceField = self.fields["organisation_role"]  # type: ignore[assignment]
            role.choices = [choice for choice in User.Role.choices if choice[0] != User.Role.OWNER]


class ApproveForm(OfficeForm):
    """Where somebody who asked to join begins: a team by its name, or none yet."""

    team = forms.ModelChoiceField(Team.objects.all(), to_field_name="name", required=False)
    team_role = forms.ChoiceField(choices=Membership.Role.choices, required=False)


class FileForm(OfficeForm):
    """A file of people to be invited."""

    file = forms.FileField(
        label=gettext_lazy("CSV file"), widget=forms.FileInput({"accept": ".csv,text/csv,text/plain"})
    )


class OrganisationForm(OfficeForm):
    """What is set for everybody."""

    name = forms.CharField(max_length=120, label=gettext_lazy("Name of the organisation"))
    joining = forms.ChoiceField(
        label=gettext_lazy("How people come in"),
        choices=Organisation.Joining.choices,
        widget=forms.RadioSelect,
        error_messages=NO_SUCH,
    )
    mfa = forms.ChoiceField(
        label=gettext_lazy("Who must have a second factor"),
        choices=Organisation.Mfa.choices,
        widget=forms.RadioSelect,
        error_messages=NO_SUCH,
        help_text=gettext_lazy("A passkey or an authenticator app. Who has none yet sets it up before anything else."),
    )
    idle_minutes = forms.IntegerField(
        label=gettext_lazy("Unused sessions end after (minutes)"),
        min_value=0,
        max_value=43_200,
        help_text=gettext_lazy("5 minutes to 30 days (43,200). 0: they do not end for being unused."),
    )
    absolute_hours = forms.IntegerField(
        label=gettext_lazy("Every session ends after (hours)"),
        min_value=1,
        max_value=8_760,
        help_text=gettext_lazy("1 hour to 365 days (8,760). Everybody signs in again then. 336 is two weeks."),
    )
    tell_at_end = forms.ChoiceField(
        label=gettext_lazy("When somebody hears that their chats were opened by break-glass"),
        choices=[("", gettext_lazy("at once")), ("yes", gettext_lazy("when it has ended"))],
        required=False,
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "They always hear of it. Telling them at the end is for investigations that nobody may know of."
        ),
    )

    def clean_tell_at_end(self) -> bool:
        return bool(self.cleaned_data["tell_at_end"])


class WhyForm(OfficeForm):
    """Why can't I? One power, and a team where it is held in teams."""

    power = forms.ChoiceField(label=gettext_lazy("I want to"), choices=[(power, power.about.phrase) for power in Power])
    team = _team(Team.objects.none(), label=gettext_lazy("in"), empty=gettext_lazy("the organisation"))

    def __init__(self, data: Any, *, teams: QuerySet[Team]) -> None:
        super().__init__(data)
        self.fields["team"].queryset = teams.order_by("name")  # type: ignore[attr-defined]
