"""The pages of invitations, files of people, people who ask, and the organisation's settings."""

import re
from datetime import timedelta

import pytest
from accounts_pages import enter, make_admin, make_house, make_keeper, text
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from factories import PASSWORD, make_owner, make_team, make_user

from accounts import inviting, joining
from accounts.inviting import Wish
from accounts.models import Invitation, Joiner, Membership, Organisation, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_redis")]
MOST_QUERIES = 15
LINK = re.compile(r"http://testserver(/join/[\w-]{43}/)")
COME = {"display_name": "Bob", "password1": PASSWORD, "password2": PASSWORD}


@pytest.fixture
def olga() -> Client:
    """An administrator of the organisation, at a browser."""
    make_house()
    return enter(make_admin())


@pytest.fixture
def tom() -> Client:
    """The administrator of Engineering, at a browser."""
    make_house()
    return enter(make_keeper())


def link_in(page: str) -> str:
    found = LINK.search(page)
    assert found, page
    return found[1]


def upload(client: Client, content: str | bytes) -> object:
    data = content if isinstance(content, bytes) else content.encode()
    return client.post("/invitations/file/", {"file": SimpleUploadedFile("people.csv", data)})


def test_an_invitation_is_made_handed_over_accepted_and_gone(olga: Client) -> None:
    team = make_team()
    form = {"email": "bob@example.org", "display_name": "B.", "team": team.pk, "team_role": "guest"}
    made = olga.post("/invitations/new/", form | {"organisation_role": "auditor"})
    path = link_in(text(made))
    assert path not in text(olga.get("/invitations/"))
    stranger = Client()
    page = stranger.get(path)
    assert "You are invited as bob@example.org to the team Engineering." in text(page)
    assert page.context["form"].initial == {"display_name": "B."}
    weak = stranger.post(path, COME | {"password1": "bob@example.org", "password2": "bob@example.org"})
    assert (weak.status_code, list(weak.context["form"].errors)) == (400, ["password1"])
    assert stranger.post(path, COME)["Location"] == "/"
    bob = User.objects.get(email="bob@example.org")
    assert (bob.organisation_role, bob.memberships.get().role) == (User.Role.AUDITOR, Membership.Role.GUEST)
    assert stranger.get("/you/").status_code == 200
    for again in (Client().get(path), Client().post(path, COME)):
        assert (again.status_code, "This link does not work" in text(again)) == (404, True)
    assert "accepted" in text(olga.get("/invitations/?state=used"))


def test_forged_old_and_revoked_links_show_one_clear_page(olga: Client) -> None:
    owner, now = make_user("own@example.org", role=User.Role.OWNER), timezone.now()
    made = [inviting.invite(Wish(f"n{n}@example.org", team=make_team()), by=owner, now=now) for n in range(2)]
    Invitation.objects.filter(email="n0@example.org").update(expires_at=now - timedelta(seconds=1))
    gone = Invitation.objects.get(email="n1@example.org")
    assert olga.post(f"/invitations/{gone.pk}/revoke/").status_code == 302
    pages = [Client().get(f"/join/{token}/") for token in (made[0].token, made[1].token, "x" * 43, "%00", "é")]
    assert {page.status_code for page in pages} == {404}
    assert len({text(page) for page in pages}) == 1
    assert not User.objects.filter(email__startswith="n").exists()
    assert olga.post(f"/invitations/{gone.pk}/revoke/").status_code == 409


def test_an_invitation_is_renewed_and_the_older_link_is_worth_nothing(olga: Client) -> None:
    first = link_in(
        text(
            olga.post(
                "/invitations/new/", {"email": "bob@example.org", "team_role": "member", "organisation_role": "member"}
            )
        )
    )
    invitation = Invitation.objects.get()
    second = link_in(text(olga.post(f"/invitations/{invitation.pk}/renew/")))
    assert (Client().get(first).status_code, Client().get(second).status_code) == (404, 200)


def test_a_teams_administrator_invites_to_that_team_alone(tom: Client) -> None:
    mine, other = make_team(), make_team("Legal")
    make_user("ann@example.org", team=other)
    inviting.invite(Wish("far@example.org", team=other), by=make_owner(), now=timezone.now())
    far = Invitation.objects.get()
    assert tom.get("/invitations/").context["page"].rows == []
    for act in ("renew", "revoke"):
        assert tom.post(f"/invitations/{far.pk}/{act}/").status_code == 404
    page = tom.get(f"/invitations/new/?team={mine.pk}&organisation_role=owner&email=x")
    assert page.context["form"].initial == {"team": str(mine.pk)}
    assert list(page.context["form"].fields["team"].queryset) == [mine]
    assert "organisation_role" not in page.context["form"].fields
    form = {"email": "bob@example.org", "team_role": "member", "organisation_role": "owner"}
    assert tom.post("/invitations/new/", form | {"team": other.pk}).status_code == 400
    assert tom.post("/invitations/new/", form).status_code == 400
    assert tom.post("/invitations/new/", form | {"team": mine.pk}).status_code == 200
    assert Invitation.objects.get(email="bob@example.org").organisation_role == User.Role.MEMBER
    joined = tom.post("/invitations/new/", {"email": "ANN@example.org", "team": mine.pk, "team_role": "member"})
    assert joined["Location"] == "/invitations/"
    assert Membership.objects.filter(team=mine, user__email="ann@example.org").exists()
    again = tom.post("/invitations/new/", {"email": "ann@example.org", "team": mine.pk, "team_role": "member"})
    assert again.context["form"].errors == {"email": ["Ann is in the team already."]}
    assert tom.get("/invitations/joiners/").status_code == 404


def test_with_a_mail_server_no_link_is_shown(olga: Client, settings: object) -> None:
    settings.MAIL_IS_SET_UP = True  # type: ignore[attr-defined]
    form = {"email": "bob@example.org", "team_role": "member", "organisation_role": "member"}
    assert olga.post("/invitations/new/", form)["Location"] == "/invitations/"
    page = text(olga.get("/invitations/"))
    assert "An invitation to bob@example.org goes out by mail." in page
    assert "waits to be mailed" in page
    assert not LINK.search(page)


@pytest.mark.parametrize("where", ["/invitations/", "/invitations/?q=bob&state=open", "/invitations/joiners/"])
def test_long_lists_cost_no_more_queries_than_short_ones(olga: Client, where: str) -> None:
    counts, team, until = [], make_team(), timezone.now() + timedelta(days=7)
    by = User.objects.get(email="olga@example.org")
    for count in (10, 290):
        rows = (
            Invitation(email=f"bob{count}{n}@example.org", team=team, invited_by=by, expires_at=until)
            for n in range(count)
        )
        Invitation.objects.bulk_create(rows)
        Joiner.objects.bulk_create(Joiner(email=f"zoe{count}{n}@example.org", password="!") for n in range(count))
        with CaptureQueriesContext(connection) as queries:
            assert olga.get(where).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= MOST_QUERIES, counts


def test_invitations_are_read_to_their_end_the_newest_first(olga: Client) -> None:
    now = timezone.now()
    rows = (
        Invitation(email=f"p{n:03}@example.org", expires_at=now, created_at=now - timedelta(minutes=n // 3))
        for n in range(120)
    )
    Invitation.objects.bulk_create(rows)
    query, seen = "", []
    while True:
        page = olga.get(f"/invitations/?{query}").context
        seen += [row.email for row in page["page"].rows]
        if not (query := page["more"]):
            break
    assert len(seen) == len(set(seen)) == 120
    assert sorted(seen[:3]) == ["p000@example.org", "p001@example.org", "p002@example.org"]


def test_a_file_is_reported_line_by_line_and_nobody_comes_in_before_it_is_confirmed(olga: Client) -> None:
    make_team()
    report = upload(
        olga, "\ufeffemail;name;team;role\r\nbob@example.org;Bob;engineering;admin\r\nolga@example.org;;;\r\n"
    )
    page = text(report)
    assert "1 person can come in" in page
    assert "Is invited to Engineering." in page
    assert "Has an account already: nothing to do." in page
    assert not Invitation.objects.exists()
    sent = olga.post("/invitations/file/send/", {"text": report.context["text"]})  # type: ignore[attr-defined]
    assert "1 link to hand over" in text(sent)
    assert Client().get(link_in(text(sent))).status_code == 200
    assert Invitation.objects.get().team_role == Membership.Role.ADMIN


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        ("name\nBob\n", "The first line must name the columns"),
        ("email\n", "nobody below the first line"),
        (b"\xff\xfe\x00e", "not UTF-8"),
        ("email\n" + "a@example.org\n" * 5001, "5001 lines"),
        ("email,name\na@example.org," + "x" * 2_000_000, "larger than 2 MB"),
    ],
)
def test_a_file_that_cannot_be_read_gets_a_sentence(olga: Client, content: str | bytes, says: str) -> None:
    bad = upload(olga, content)
    assert bad.status_code == 400  # type: ignore[attr-defined]
    assert says in str(bad.context["form"].errors)  # type: ignore[attr-defined]
    assert not Invitation.objects.exists()


def test_one_bad_line_keeps_the_whole_file_out(olga: Client) -> None:
    content = "email,team\nbob@example.org,\n<b>nobody</b>,\nann@example.org,Nowhere\n"
    page = upload(olga, content)
    assert "2 of 3 lines must be corrected" in text(page)
    assert "&lt;b&gt;nobody&lt;/b&gt;" in text(page)
    assert "Invite them" not in text(page)
    forced = olga.post("/invitations/file/send/", {"text": content})
    assert (forced.status_code, Invitation.objects.count()) == (409, 0)
    assert olga.post("/invitations/file/send/", {"text": "nonsense"}).status_code == 409


def test_a_teams_administrator_uploads_for_that_team_alone(tom: Client) -> None:
    make_team("Legal")
    page = text(upload(tom, "email,team\na@example.org,Legal\nb@example.org,Nowhere\nc@example.org,\n"))
    assert "There is no team Legal to which you may invite." in page
    assert "There is no team Nowhere to which you may invite." in page
    assert "Name a team that you administer." in page


def test_nobody_asks_to_join_where_people_are_invited(client: Client) -> None:
    make_house()
    assert client.get("/join/").status_code == 404
    assert client.post("/join/", COME | {"email": "zoe@example.org"}).status_code == 404


def test_who_asks_is_nobody_until_somebody_decides(olga: Client, client: Client) -> None:
    Organisation.objects.update(joining="approval")
    team, asks = make_team(), COME | {"email": "zoe@example.org", "display_name": "Zoe"}
    for email in ("zoe@example.org", "yan@example.org", "olga@example.org"):
        assert "Your wish is noted" in text(client.post("/join/", asks | {"email": email}))
    assert client.post("/join/", asks | {"password2": "other"}).status_code == 400
    assert not User.objects.filter(email="zoe@example.org").exists()
    assert "2 wait for your word" in text(olga.get("/invitations/joiners/"))
    zoe, yan = (Joiner.objects.get(email=f"{name}@example.org") for name in ("zoe", "yan"))
    assert olga.post(f"/invitations/joiners/{zoe.pk}/approve/", {"team": "Nowhere"}).status_code == 409
    let = olga.post(f"/invitations/joiners/{zoe.pk}/approve/", {"team": team.name, "team_role": "guest"})
    assert let["Location"] == "/invitations/joiners/"
    assert olga.post(f"/invitations/joiners/{yan.pk}/decline/").status_code == 302
    assert olga.post(f"/invitations/joiners/{yan.pk}/approve/").status_code == 409
    assert client.post("/account/login/", {"login": "zoe@example.org", "password": PASSWORD}).status_code == 302
    assert Membership.objects.get(user__email="zoe@example.org").role == Membership.Role.GUEST
    assert not User.objects.filter(email="yan@example.org").exists()
    assert "Nobody waits" in text(olga.get("/invitations/joiners/"))


def test_a_wish_that_cannot_be_stored_says_why(client: Client) -> None:
    make_house()
    Organisation.objects.update(joining="approval")
    Joiner.objects.bulk_create(Joiner(email=f"z{n}@example.org", password="!") for n in range(joining.MOST_WAITING))
    page = client.post("/join/", COME | {"email": "zoe@example.org"})
    assert page.context["form"].non_field_errors() == [joining.FULL]


SETTINGS = {
    "name": "Aalto",
    "joining": "approval",
    "mfa": "nobody",
    "idle_minutes": "30",
    "absolute_hours": "12",
    "tell_at_end": "yes",
}


def test_the_organisations_settings_are_saved_all_or_none(olga: Client) -> None:
    assert olga.post("/organisation/", SETTINGS).status_code == 302
    house = Organisation.objects.get()
    assert (house.joining, house.idle_minutes, house.tell_at_end) == ("approval", 30, True)
    page = text(olga.get("/organisation/"))
    assert "The settings are saved and hold from now on." in page
    wrong = [{"idle_minutes": "3"}, {"mfa": "some"}, {"name": ""}]
    wrong += [{"absolute_hours": "0"}, {"absolute_hours": "x"}]
    for change in wrong:
        bad = olga.post("/organisation/", SETTINGS | {"name": "Other"} | change)
        assert bad.status_code == 400, change
        assert 'class="refusal"' in text(bad) or 'class="error"' in text(bad)
    assert Organisation.objects.get() == house
    assert Organisation.objects.get().name == "Aalto"
    assert olga.post("/organisation/", SETTINGS | {"tell_at_end": ""}).status_code == 302
    assert Organisation.objects.get().tell_at_end is False


def test_settings_are_the_administrators(tom: Client) -> None:
    assert tom.get("/organisation/").status_code == 404
    assert tom.post("/organisation/", SETTINGS | {"name": "Mine"}).status_code == 404
    assert Organisation.objects.get().name == "Aalto"
