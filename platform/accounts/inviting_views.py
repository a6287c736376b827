"""Invitations: who was asked in, by whom, and what became of it."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import inviting, lists
from accounts.authority import teams_allowed
from accounts.doors import Keeper, found, is_part, keepers, sent
from accounts.inviting import Invited, Wish
from accounts.models import Invitation, Membership, User
from accounts.office_forms import InvitationFilters, InviteForm
from accounts.refusal import Refusal
from accounts.roles import Power

of_invitations = keepers(Power.MANAGE_PEOPLE, Power.INVITE_TO_TEAM)


def among(request: Keeper) -> QuerySet[Invitation]:
    """Return the invitations that this person may see: everybody's, or those to their teams."""
    if request.standing.allows(Power.MANAGE_PEOPLE):
        return Invitation.objects.all()
    return Invitation.objects.filter(team__in=teams_allowed(request.standing, Power.INVITE_TO_TEAM))


def link_of(request: Keeper, token: str) -> str:
    """Return the address that is handed over."""
    return request.build_absolute_uri(reverse("accounts:accept", args=[token]))


def show(request: Keeper, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Return a page of this office, with the tabs that this person sees."""
    approves = request.standing.allows(Power.APPROVE_JOINERS)
    return render(request, template, context | {"approves": approves}, status=status)


@require_safe
@of_invitations
def invitations(request: Keeper) -> HttpResponse:
    """The invitations, the newest first. The filters stand in the address."""
    form = InvitationFilters(request.GET, teams_allowed(request.standing, Power.INVITE_TO_TEAM))
    asked = form.asked()
    mine = among(request).filter(team=asked["team"]) if asked["team"] else among(request)
    fitting = lists.invitations(mine, text=asked["q"], state=asked["state"])
    page = lists.page_of(fitting, "created_at", after=asked["after"] or None, newest_first=True)
    context: dict[str, Any] = {
        "page": page,
        "more": page.more and form.address(after=page.more),
        "now": timezone.now(),
        "mails": settings.MAIL_IS_SET_UP,
    }
    if is_part(request):
        return render(request, "accounts/_invitations.html", context)
    context |= {"form": form, "asked": bool(form.address()), "count": fitting.count(), "further": bool(asked["after"])}
    return show(request, "accounts/invitations.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@of_invitations
def invite(request: Keeper) -> HttpResponse:
    """Invite one person. Where no mail is set up, the answer shows the link, once."""
    form = InviteForm(sent(request), initial={"team": request.GET.get("team")}, standing=request.standing)
    if request.method == "POST" and form.is_valid():
        try:
            done = inviting.invite(_wish(form), by=request.user, now=timezone.now())
        except Refusal as refusal:
            form.add_error("email", str(refusal))
        else:
            return _invited(request, done)
    context = {"form": form, "mails": settings.MAIL_IS_SET_UP}
    return show(request, "accounts/invite.html", context, status=400 if form.is_bound else 200)


def _wish(form: InviteForm) -> Wish:
    data = form.cleaned_data
    return Wish(
        email=data["email"],
        display_name=data["display_name"],
        team=data["team"],
        team_role=Membership.Role(data["team_role"]),
        organisation_role=User.Role(data.get("organisation_role") or User.Role.MEMBER),
    )


def _invited(request: Keeper, done: Invited) -> HttpResponse:
    if done.token and done.invitation:
        context = {"link": link_of(request, done.token), "invitation": done.invitation}
        return show(request, "accounts/link.html", context)
    if done.joined:
        messages.success(
            request, _("%(joined)s has an account already and is in the team now.") % {"joined": done.joined}
        )
    elif done.invitation:
        messages.success(request, _("An invitation to %(email)s goes out by mail.") % {"email": done.invitation.email})
    return redirect("accounts:invitations")


@require_POST
@of_invitations
def renew(request: Keeper, invitation: UUID) -> HttpResponse:
    """Send an invitation once more, or show another link."""
    done = inviting.renew(found(request, among(request), invitation), by=request.user, now=timezone.now())
    return _invited(request, done)


@require_POST
@of_invitations
def revoke(request: Keeper, invitation: UUID) -> HttpResponse:
    """Take an invitation back."""
    mine = found(request, among(request), invitation)
    inviting.revoke(mine, by=request.user, now=timezone.now())
    messages.success(
        request, _("The invitation to %(email)s is taken back. Its link no longer works.") % {"email": mine.email}
    )
    return redirect("accounts:invitations")
