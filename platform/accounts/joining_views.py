"""The ways in: by an invitation's link, or by asking; and the decisions about those who ask."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import inviting, joining, lists
from accounts.doors import Keeper, found, keepers, sent
from accounts.forms import PasswordForm, WishForm
from accounts.inviting_views import show
from accounts.models import Joiner, Membership, Organisation, Team
from accounts.office_forms import ApproveForm
from accounts.refusal import Refusal
from accounts.roles import Power
from accounts.views import BACKEND

of_joiners = keepers(Power.APPROVE_JOINERS)


def _house() -> Organisation | None:
    return Organisation.objects.filter(pk=1).first()


@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Come in by an invitation's link, once. A link that is forged, old, used or taken back: the same page."""
    now = timezone.now()
    try:
        invitation = inviting.invitation_for(token, now=now)
        form = PasswordForm(sent(request), email=invitation.email, initial={"display_name": invitation.display_name})
        if request.method == "POST" and form.is_valid():
            data = form.cleaned_data
            person = inviting.accept(token, display_name=data["display_name"], password=data["password1"], now=now)
            login(request, person, backend=BACKEND)
            return redirect("chat:home")
    except inviting.InvitationGone:
        return render(request, "accounts/invitation_gone.html", status=404)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
    context = {"form": form, "invitation": invitation, "house": _house()}
    return render(request, "accounts/accept.html", context, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def ask_to_join(request: HttpRequest) -> HttpResponse:
    """Ask to be let in, where the organisation has that. The answer does not say who has an account."""
    if not joining.can_ask():
        raise Http404
    form = WishForm(sent(request))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            joining.ask_to_join(email=data["email"], display_name=data["display_name"], password=data["password1"])
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return render(request, "accounts/asked_to_join.html", {"house": _house()})
    context = {"form": form, "house": _house()}
    return render(request, "accounts/ask_to_join.html", context, status=400 if form.is_bound else 200)


@require_safe
@of_joiners
def joiners(request: Keeper) -> HttpResponse:
    """Who waits for a decision, the longest first, and the last decisions."""
    waiting = lists.page_of(lists.joiners(decided=False), "created_at")
    decided = lists.page_of(lists.joiners(decided=True), "decided_at", newest_first=True)
    context: dict[str, Any] = {
        "waiting": waiting.rows,
        "count": Joiner.objects.filter(decided_at=None).count(),
        "decided": decided.rows,
        "team_names": list(Team.objects.order_by("name").values_list("name", flat=True)) if waiting.rows else [],
        "team_roles": Membership.Role.choices,
        "opens": joining.can_ask(),
        "sets": request.standing.allows(Power.SET_ORGANISATION),
        "address": request.build_absolute_uri(reverse("accounts:join")),
    }
    return show(request, "accounts/joiners.html", context)


@require_POST
@of_joiners
def approve(request: Keeper, joiner: UUID) -> HttpResponse:
    """Let somebody in, into a team where one is chosen."""
    mine, form = found(request, Joiner.objects.all(), joiner), ApproveForm(request.POST)
    if not form.is_valid():
        raise Refusal(_("There is no such team. Choose one of the list, or none."))
    data = form.cleaned_data
    role = Membership.Role(data["team_role"] or Membership.Role.MEMBER)
    person = joining.approve(mine, by=request.user, now=timezone.now(), team=data["team"], team_role=role)
    messages.success(
        request, _("%(person)s can sign in from now on, with the password they chose.") % {"person": person}
    )
    return redirect("accounts:joiners")


@require_POST
@of_joiners
def decline(request: Keeper, joiner: UUID) -> HttpResponse:
    """Do not let somebody in."""
    mine = found(request, Joiner.objects.all(), joiner)
    joining.decline(mine, by=request.user, now=timezone.now())
    messages.success(request, _("%(email)s is not let in.") % {"email": mine.email})
    return redirect("accounts:joiners")
