"""Which models a team uses: chosen by its administrators, and obeyed by the picker and by every way to ask."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from accounts_pages import enter, make_admin, make_house, make_keeper, text
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse
from factories import asked, make_deployment, make_team, make_user

from accounts import denials
from accounts.authority import Refused, standing_of
from accounts.models import Membership, Team, User
from accounts.refusal import Refusal
from accounts.roles import Power
from audit.models import Entry
from chat import actions as chat
from chat.models import Conversation, Generation, Message
from models_admin.actions import choose_models
from models_admin.models import Deployment, TeamModel
from models_admin.queries import choice_of, default_of, deployments_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_redis")]


@pytest.fixture
def models() -> list[Deployment]:
    """Three models that are on, the oldest first."""
    make_house()
    made = [make_deployment(f"stub:?words=4&n={n}", name=f"Model {n}") for n in range(3)]
    for n, model in enumerate(made):  # the transaction has one time for all of them
        Deployment.objects.filter(pk=model.pk).update(created_at=Now() + timedelta(seconds=n))
    return made


@pytest.fixture
def tom(models: list[Deployment]) -> User:
    """The administrator of Engineering."""
    return make_keeper()


@pytest.fixture
def ada(tom: User) -> User:
    return make_user()


def choose(tom: User, *models: Deployment, default: Deployment | None = None, team: Team | None = None) -> None:
    pks = [model.pk for model in models]
    choose_models(team or make_team(), models=pks, default=default.pk if default else None, by=tom)


def page_of(team: Team) -> str:
    return reverse("models_admin:team_models", args=[team.pk])


def names(user: User) -> list[str]:
    return [model.name for model in deployments_of(user)]


def question(client: Client, path: str, deployment: UUID | str = "") -> tuple[int, str]:
    response = client.post(path, {"text": "more", "client_id": str(uuid4()), "deployment": str(deployment)})
    return response.status_code, text(response)


def test_a_team_that_has_not_chosen_uses_every_model(ada: User) -> None:
    assert names(ada) == ["Model 0", "Model 1", "Model 2"]
    assert default_of(standing_of(ada)) is None


def test_a_choice_is_what_the_picker_lists_with_the_teams_default(
    ada: User, tom: User, models: list[Deployment]
) -> None:
    choose(tom, models[1], models[2], default=models[2])
    page = enter(ada).get("/")
    assert [model.name for model in page.context["deployments"]] == ["Model 1", "Model 2"]
    assert page.context["chosen"] == models[2].pk
    assert "Model 0" not in text(page)


def test_new_chats_ask_the_default_and_a_chat_keeps_its_model(ada: User, tom: User, models: list[Deployment]) -> None:
    choose(tom, models[1], models[2], default=models[2])
    client = enter(ada)
    assert question(client, "/chats/")[0] == 302
    assert Generation.objects.for_housekeeping().get().deployment == models[2]
    Generation.objects.for_housekeeping().update(state=Generation.State.STOPPED)
    chat_ = Conversation.objects.for_housekeeping().get()
    Conversation.objects.for_housekeeping().update(deployment=models[1])
    assert client.get(chat_.get_absolute_url()).context["chosen"] == models[1].pk
    assert question(client, reverse("chat:ask", args=[chat_.pk]))[0] == 302
    assert Generation.objects.for_housekeeping().latest("queued_at").deployment == models[1]


def test_every_way_to_ask_another_model_gets_a_sentence_and_stores_nothing(
    ada: User, tom: User, models: list[Deployment]
) -> None:
    answer = asked(ada, deployment=models[0])
    Generation.objects.for_housekeeping().update(state=Generation.State.STOPPED)
    choose(tom, models[1])
    client, message = enter(ada), answer.message
    doors = {
        "begin": "/chats/",
        "ask": reverse("chat:ask", args=[message.conversation_id]),
        "edit": reverse("chat:edit", args=[message.parent_id]),
        "regenerate": reverse("chat:regenerate", args=[message.pk]),
        "continue": reverse("chat:continue", args=[answer.pk]),
    }
    for name, path in doors.items():
        status, said = question(client, path, models[0].pk)
        assert (name, status) == (name, 409)
        assert "Your team does not use this model" in said, name
        assert "Administrators of the team Engineering: Tom." in said, name
    answer.refresh_from_db()
    assert (Message.objects.for_housekeeping().count(), answer.state) == (2, "stopped")
    assert client.get(message.conversation.get_absolute_url()).context["chosen"] == models[1].pk


def test_a_model_of_others_is_answered_like_one_that_is_not_there(
    ada: User, tom: User, models: list[Deployment]
) -> None:
    choose(tom, models[1])
    Deployment.objects.filter(pk=models[2].pk).update(enabled=False)
    client = enter(ada)
    answers = {question(client, "/chats/", pk) for pk in (models[0].pk, models[2].pk, uuid4())}
    assert len(answers) == 1
    assert Entry.objects.filter(verb="accounts.access_refused").count() == 1  # one a minute, with their count


def test_a_choice_made_between_look_and_act_holds(ada: User, tom: User, models: list[Deployment]) -> None:
    choose(tom, models[1])
    with pytest.raises(chat.Refusal, match="does not use this model"):
        chat.begin(ada, text="Hello", deployment=models[0], client_id=uuid4())
    assert not Conversation.objects.for_housekeeping().exists()


def test_who_is_in_several_teams_may_use_what_any_of_them_uses(ada: User, tom: User, models: list[Deployment]) -> None:
    second = make_team("Second")
    part = Membership.objects.create(user=ada, team=second)
    choose(tom, models[1])
    assert names(ada) == ["Model 0", "Model 1", "Model 2"]  # the second has not chosen
    olga = make_admin()
    choose(olga, models[2], team=second)
    assert names(ada) == ["Model 1", "Model 2"]
    denials.deny(Power.ASK, user=ada, team=second, reason="No.", by=olga)
    assert names(ada) == ["Model 1"]
    part.delete()
    assert names(ada) == ["Model 1"]


def test_a_guest_brings_no_models_along(ada: User, tom: User, models: list[Deployment]) -> None:
    Membership.objects.create(user=ada, team=make_team("Open"), role=Membership.Role.GUEST)
    choose(tom, models[1])
    assert names(ada) == ["Model 1"]


def test_when_no_chosen_model_is_on_the_page_says_who_can_change_it(
    ada: User, tom: User, models: list[Deployment]
) -> None:
    asked(ada, deployment=models[1])
    Generation.objects.for_housekeeping().update(state=Generation.State.STOPPED)
    choose(tom, models[1])
    Deployment.objects.filter(pk=models[1].pk).update(enabled=False)
    client, where = enter(ada), Conversation.objects.for_housekeeping().get().get_absolute_url()
    sentence = "The models that your team has chosen are switched off at present. Administrators of the team"
    for path in ("/", where):
        assert sentence in text(client.get(path)), path
    status, said = question(client, "/chats/")
    assert (status, sentence in said) == (409, True)


def test_the_page_shows_and_saves_the_choice(tom: User, models: list[Deployment]) -> None:
    team, client = make_team(), enter(tom)
    where = page_of(team)
    assert where in text(client.get(reverse("accounts:team", args=[team.pk])))
    page = client.get(where)
    assert page.context["form"].initial == {"which": "every", "models": [], "default": None}
    sent = {"which": "some", "models": [str(models[0].pk), str(models[1].pk)], "default": str(models[1].pk)}
    assert client.post(where, sent)["Location"] == where
    assert choice_of(team) == {models[0].pk: False, models[1].pk: True}
    page = client.get(where)
    assert text(page).count("checked") == 3
    assert "Which models Engineering uses is saved" in text(page)
    assert client.post(where, sent | {"which": "every"}).status_code == 302
    assert choice_of(team) == {}


@pytest.mark.parametrize(
    ("sent", "field", "sentence"),
    [
        ({}, "which", "Say whether it is every model"),
        ({"which": "none"}, "which", "There is no such choice."),
        ({"which": "some"}, "models", "Tick one model at least"),
        ({"which": "some", "models": ["7f1d1c5e-3d0f-4c6f-9f0e-2f5b8a0d9a11"]}, "models", "no longer there"),
        ({"which": "some", "models": ["nonsense"]}, "models", "not a valid UUID"),
        ({"which": "some", "models": ["$0"], "default": "$1"}, "default", "Tick this model too"),
        ({"which": "some", "models": ["$0"], "default": "nonsense"}, "default", "not a valid UUID"),
    ],
)
def test_what_cannot_be_saved_gets_a_sentence_at_its_field(
    tom: User, models: list[Deployment], sent: dict[str, str | list[str]], field: str, sentence: str
) -> None:
    pks = {f"${n}": str(model.pk) for n, model in enumerate(models)}
    meant = {
        name: [pks.get(one, one) for one in value] if isinstance(value, list) else pks.get(value, value)
        for name, value in sent.items()
    }
    response = enter(tom).post(page_of(make_team()), meant)
    assert response.status_code == 400
    assert sentence in str(response.context["form"].errors[field])
    assert not TeamModel.objects.exists()


def test_only_the_teams_administrators_and_the_organisations_choose(
    ada: User, tom: User, models: list[Deployment]
) -> None:
    other = make_team("Other")
    for user in (ada, make_user("guest@example.org", role=User.Role.AUDITOR)):
        with pytest.raises(Refused):
            choose(user, models[0])
        assert enter(user).get(page_of(make_team())).status_code == 404
    with pytest.raises(Refused):
        choose(tom, models[0], team=other)
    assert enter(tom).post(page_of(other), {"which": "every"}).status_code == 404
    choose(make_admin(), models[0], team=other)
    denials.deny(
        Power.CHOOSE_TEAM_MODELS, user=tom, reason="One list for all.", by=User.objects.get(email="olga@example.org")
    )
    refused = enter(tom).get(page_of(make_team()))
    assert (refused.status_code, "One list for all." in text(refused)) == (403, True)
    assert "Choose…" not in text(enter(tom).get(reverse("accounts:team", args=[make_team().pk])))


def test_a_choice_that_contradicts_itself_is_refused_whole(tom: User, models: list[Deployment]) -> None:
    choose(tom, models[0])
    with pytest.raises(Refusal, match="must be one that the team uses"):
        choose(tom, models[1], default=models[2])
    with pytest.raises(Refusal, match="no longer there"):
        choose_models(make_team(), models=[models[1].pk, uuid4()], default=None, by=tom)
    assert choice_of(make_team()) == {models[0].pk: False}


def test_the_database_holds_one_default_and_keeps_chosen_models(tom: User, models: list[Deployment]) -> None:
    choose(tom, models[0], models[1], default=models[0])
    with pytest.raises(IntegrityError), transaction.atomic():
        TeamModel.objects.update(is_default=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        models[0].delete()
