"""Files of people: what is read, what is refused, and what each line would do."""

import pytest
from django.utils import timezone
from factories import make_owner, make_team, make_user

from accounts import inviting, roster
from accounts.actions import deactivate
from accounts.models import Invitation, Membership, User
from accounts.roster import BadFile, Report

GOOD = "email,name,team,role\nbob@example.org,Bob,Engineering,\n"


def report(text: str, *, by: User | None = None) -> Report:
    return roster.check(roster.read(text.encode()), by=by or make_owner())


def problems(text: str, *, by: User | None = None) -> list[str]:
    return [line.problem for line in report(text, by=by).lines]


@pytest.mark.parametrize(
    "data",
    [
        GOOD.encode(),
        GOOD.encode("utf-8-sig"),
        GOOD.replace(",", ";").encode(),
        GOOD.replace("\n", "\r\n").encode(),
        b"\r\n" + GOOD.encode() + b"\n\n,,,\n",
        b" Email , NAME,Team,ROLE\n bob@example.org , Bob,Engineering , \n",
        b'role,team,email,name\n,"Engineering","bob@example.org","Bob"\n',
    ],
)
def test_what_spreadsheets_write_is_read(data: bytes) -> None:
    (line,) = roster.read(data)
    assert (line.email, line.name, line.team, line.role) == ("bob@example.org", "Bob", "Engineering", "")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "The file is empty."),
        (b"\n ,\n", "The file is empty."),
        (b"bob@example.org,Bob\n", "The first line must name the columns"),
        (b"email,surname\n", "The first line must name the columns"),
        (b"email,email\n", "The first line must name the columns"),
        (b"email\n", "nobody below the first line"),
        (b"email\n\xff\xfe\n", "not UTF-8"),
        (GOOD.encode("utf-16"), "not UTF-8"),
        (b"email\nbob@example.org\x00\n", "not a text file"),
        (b"email\n" + b"x" * 2_000_000, "larger than 2 MB"),
        (b"email\n" + b"a@example.org\n" * 5_001, "5001 lines. Send 5000 at most"),
        (b'email\n"' + b"x" * 200_000, "Line 2 cannot be read"),
    ],
)
def test_a_bad_file_is_one_sentence(data: bytes, said: str) -> None:
    with pytest.raises(BadFile, match=said):
        roster.read(data)


@pytest.mark.django_db
def test_each_line_says_what_it_would_do() -> None:
    make_user("ada@example.org")
    make_user("cy@example.org", team=make_team("Other"))
    text = (
        "email,name,team,role\n"
        "bob@example.org,Bob,engineering,guest\n"
        "ada@example.org,Ada,Engineering,\n"
        "cy@example.org,Cy,Engineering,admin\n"
        "dee@example.org,Dee,,\n"
    )
    found = report(text)
    assert [line.note for line in found.lines] == [
        "Is invited to Engineering.",
        "Is in Engineering already: nothing to do.",
        "Has an account: is put into Engineering.",
        "Is invited.",
    ]
    assert (found.problems, len(found.wishes), found.is_ready) == (0, 3, True)
    assert not Invitation.objects.exists()
    done = inviting.invite_all(found.wishes, by=make_owner(), now=timezone.now())
    assert [one.joined and one.joined.email for one in done] == [None, "cy@example.org", None]
    assert Invitation.objects.get(email="bob@example.org").team_role == Membership.Role.GUEST


@pytest.mark.django_db
def test_every_bad_line_says_what_is_wrong() -> None:
    make_team()
    deactivate(make_user("gone@example.org"))
    text = (
        "email,name,team,role\n"
        "bob,Bob,Engineering,\n"
        f"bob@example.org,{'B' * 121},Engineering,\n"
        "bob@example.org,Bob,Nowhere,\n"
        "bob@example.org,Bob,Engineering,boss\n"
        "cy@example.org,Cy,,guest\n"
        "dee@example.org,Dee,Engineering,\n"
        "DEE@example.org,Dee,ENGINEERING,guest\n"
        "eve@example.org,Eve,Engineering,guest,more\n"
        "gone@example.org,Gone,Engineering,\n"
    )
    found = report(text)
    assert [(line.number, line.problem) for line in found.lines] == [
        (2, "This is no e-mail address."),
        (3, "The name is longer than 120 characters."),
        (4, "There is no team Nowhere to which you may invite."),
        (5, "The role is admin, member, guest or empty."),
        (6, "A role is one in a team: name the team."),
        (7, ""),
        (8, "The same person and team as in line 7."),
        (9, "There are more cells than columns."),
        (10, "This person has an account that is deactivated."),
    ]
    assert not found.is_ready


@pytest.mark.django_db
def test_a_team_administrator_sees_no_teams_but_their_own() -> None:
    kay = make_user("kay@example.org")
    Membership.objects.filter(user=kay).update(role=Membership.Role.ADMIN)
    make_team("Secret")
    text = "email,team\na@example.org,Secret\nb@example.org,Absent\nc@example.org,\nd@example.org,Engineering\n"
    assert problems(text, by=kay) == [
        "There is no team Secret to which you may invite.",
        "There is no team Absent to which you may invite.",
        "Name a team that you administer.",
        "",
    ]


@pytest.mark.django_db
def test_five_thousand_lines_are_checked_by_few_queries(django_assert_max_num_queries: object) -> None:
    owner, team = make_owner(), make_team()
    lines = roster.read(("email,team\n" + "".join(f"p{n}@example.org,{team}\n" for n in range(5000))).encode())
    with django_assert_max_num_queries(6):  # type: ignore[operator]
        assert len(roster.check(lines, by=owner).wishes) == 5000
