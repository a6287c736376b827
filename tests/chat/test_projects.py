"""Projects: whose they are, who reads and changes them, what models read, and how they go."""

import json
import zipfile
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from factories import asked, make_deployment, make_owner, make_team, make_user
from keeping import chat_of, own_ledger

from accounts import leaving
from accounts.models import Membership, Team, User
from audit.models import Entry
from chat import actions, arranging, prompt, queue, recipes
from chat.arranging import Plan
from chat.models import Conversation, Generation, Project
from chat.projects import chats_in, projects_of
from chat.refusal import Refusal
from models_admin.engine.protocol import Ready
from retention import exporting, holding, sweeping

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("clean_redis")]
READY = Ready("a", "ab" * 32, "llama", "Q4_0", context=512, slots=1, load_seconds=0.1)
WORDS = "Answer in Portuguese."


@pytest.fixture(autouse=True)
def _folder(settings: Any, tmp_path: Path) -> None:
    own_ledger(settings, tmp_path)


@pytest.fixture
def person() -> User:
    return make_user()


def sign_in(person: User) -> Client:
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def made(owner: User, *, shared: bool = False, team: Team | None = None, words: str = WORDS) -> Project:
    return arranging.make_project(owner, plan=Plan("Lease", words, shared), team=team or make_team())


def with_role(email: str, role: str) -> User:
    found = make_user(email)
    Membership.objects.filter(user=found).update(role=role)
    return found


def begun(owner: User, project: Project) -> Conversation:
    model = make_deployment()
    generation = actions.begin(owner, text="Until when?", deployment=model, client_id=uuid4(), project=project)
    return generation.message.conversation


def again(chat: Conversation) -> Conversation:
    return Conversation.objects.for_housekeeping().get(pk=chat.pk)


def test_a_project_is_made_and_holds_a_new_chat(person: User) -> None:
    ada = sign_in(person)
    make_deployment()
    response = ada.post(reverse("chat:new_project"), {"name": "Lease", "instructions": WORDS})
    project = Project.objects.get()
    assert response["Location"] == project.get_absolute_url()
    assert (project.owner, project.team, project.instructions, project.shared) == (person, make_team(), WORDS, False)
    page = ada.get(f"{reverse('chat:home')}?project={project.pk}").content.decode()
    assert f'name="project" value="{project.pk}"' in page
    ada.post(reverse("chat:begin"), {"text": "Until when?", "client_id": uuid4(), "project": project.pk})
    chat = chats_in(project, person).get()
    assert chat.title == "Until when?"
    assert "Until when?" in ada.get(project.get_absolute_url()).content.decode()


def test_nobody_else_finds_a_private_project(person: User) -> None:
    project, eve = made(person), make_user("eve@example.org")
    assert not projects_of(eve).exists()
    client = sign_in(eve)
    make_deployment()
    form = {"text": "Mine?", "client_id": uuid4(), "project": project.pk, "name": "Mine"}
    for door in ("project", "change_project"):
        assert client.get(reverse(f"chat:{door}", args=[project.pk])).status_code == 404
    for door, args in (("change_project", [project.pk]), ("delete_project", [project.pk]), ("begin", [])):
        assert client.post(reverse(f"chat:{door}", args=args), form).status_code == 404
    with pytest.raises(Conversation.DoesNotExist):
        begun(eve, project)
    with pytest.raises(Conversation.DoesNotExist):
        arranging.move(chat_of(eve), project=project)
    assert not Conversation.objects.of(eve).filter(project=project).exists()


def test_a_team_sees_a_shared_project_and_nobody_the_chats_of_others(person: User) -> None:
    project, eve = made(person, shared=True), make_user("eve@example.org")
    chat_of(person, title="Of Ada", project=project)
    begun(eve, project)
    page = sign_in(eve).get(project.get_absolute_url()).content.decode()
    assert WORDS in page
    assert "Of Ada" not in page
    assert [chat.title for chat in chats_in(project, eve)] == ["Until when?"]
    assert [chat.title for chat in chats_in(project, person)] == ["Of Ada"]
    assert not projects_of(make_user("bob@example.org", team=make_team("Research"))).exists()


def test_a_guest_reads_a_shared_project_and_no_more(person: User) -> None:
    project = made(person, shared=True)
    guest = with_role("guest@example.org", Membership.Role.GUEST)
    assert WORDS in sign_in(guest).get(project.get_absolute_url()).content.decode()
    with pytest.raises(Refusal):
        begun(guest, project)
    with pytest.raises(Refusal):
        arranging.move(chat_of(guest), project=project)
    with pytest.raises(Refusal):
        arranging.change_project(project, plan=Plan("Mine", "", True), by=guest)
    with pytest.raises(Refusal):
        made(guest)
    assert Project.objects.get().name == "Lease"


def test_members_read_and_who_keeps_the_team_changes_a_shared_project(person: User) -> None:
    project, eve = made(person, shared=True), make_user("eve@example.org")
    keeper = with_role("keeper@example.org", Membership.Role.ADMIN)
    with pytest.raises(Refusal):
        arranging.change_project(project, plan=Plan("Lease", "Be brief.", True), by=eve)
    with pytest.raises(Refusal):
        arranging.delete_project(project, by=eve)
    arranging.change_project(project, plan=Plan("Lease", "Be brief.", True), by=keeper)
    with pytest.raises(Refusal):
        arranging.change_project(project, plan=Plan("Lease", "Be brief.", False), by=keeper)
    project.refresh_from_db()
    assert (project.instructions, project.shared) == ("Be brief.", True)
    assert Entry.objects.filter(verb="chat.project_changed").count() == 1


def test_a_project_that_is_shared_no_more_lets_the_chats_of_others_go(person: User) -> None:
    project, eve = made(person, shared=True), make_user("eve@example.org")
    mine, theirs = begun(person, project), begun(eve, project)
    arranging.change_project(project, plan=Plan("Lease", WORDS, False), by=person)
    assert (again(mine).project_id, again(theirs).project_id) == (project.pk, None)
    assert not projects_of(eve).exists()


def test_who_leaves_the_team_finds_its_projects_no_more(person: User) -> None:
    project = made(person)
    Membership.objects.filter(user=person).delete()
    assert not projects_of(person).exists()
    assert sign_in(person).get(project.get_absolute_url()).status_code == 404


def test_a_chat_stays_with_its_team(person: User) -> None:
    other = make_team("Research")
    Membership.objects.create(user=person, team=other, role=Membership.Role.MEMBER)
    project = made(person, team=other)
    with pytest.raises(Refusal):
        arranging.move(chat_of(person), project=project)
    assert begun(person, project).team == other


def test_a_temporary_chat_is_in_no_project(person: User) -> None:
    project = made(person)
    chat = chat_of(person, temporary_until=timezone.now() + timedelta(hours=1))
    with pytest.raises(Refusal):
        arranging.move(chat, project=project)
    with pytest.raises(Refusal):
        actions.begin(
            person, text="Hm?", deployment=make_deployment(), client_id=uuid4(), project=project, temporary=True
        )


def test_a_deleted_project_leaves_its_chats(person: User) -> None:
    project = made(person)
    chat = begun(person, project)
    response = sign_in(person).post(reverse("chat:delete_project", args=[project.pk]), follow=True)
    assert "The project is deleted." in response.content.decode()
    assert again(chat).project_id is None
    assert sign_in(person).get(project.get_absolute_url()).status_code == 404
    with pytest.raises(Conversation.DoesNotExist):
        arranging.move(chat_of(person), project=project)
    sweeping.sweep()
    assert not Project.objects.exists()


def facts(generation: Generation) -> dict[str, object]:
    return recipes.facts_of(generation, READY, {})


def claimed(chat: Conversation) -> Generation:
    found = queue.claim(Generation.objects.within(chat).get().deployment_id)
    assert found
    return found


def test_instructions_stand_behind_the_organisations_words_and_their_hash_in_the_recipe(person: User) -> None:
    make_deployment(system_prompt="Be kind.")
    outside = facts(claimed(asked(person).message.conversation))
    generation = claimed(begun(person, made(person)))
    turns = prompt.request_for(generation, id="1", prefix="").turns
    assert (turns[0].role, turns[0].text) == ("system", f"Be kind.\n\n{WORDS}")
    inside = facts(generation)
    assert inside["system"] == "Be kind."
    assert WORDS not in json.dumps(inside)
    assert inside["project"] == sha256(WORDS.encode()).hexdigest()
    assert outside == {name: value for name, value in inside.items() if name != "project"}


def test_models_read_the_instructions_as_they_are_now(person: User) -> None:
    project = made(person, words="")
    chat = begun(person, project)
    arranging.change_project(project, plan=Plan("Lease", "Be brief.", False), by=person)
    assert recipes.system_of(claimed(chat)) == "Be brief."


def test_a_project_is_in_its_owners_export_alone(person: User) -> None:
    made(person, shared=True)
    made(make_user("eve@example.org"), words="Eve's words.")
    export = exporting.ask(person)
    exporting.make()
    with zipfile.ZipFile(exporting.path_of(export.pk)) as archive:
        [told] = json.loads(archive.read("projects.json"))
    assert (told["name"], told["instructions"], told["team"]) == ("Lease", WORDS, "Engineering")


def test_a_hold_keeps_a_deleted_project_until_it_is_released(person: User) -> None:
    olga, project = make_owner(), made(person)
    hold = holding.place(by=olga, reason="A case at court.", person=person)
    arranging.delete_project(project, by=person)
    sweeping.sweep()
    assert Project.objects.get().instructions == WORDS
    auditor = make_user("auditor@example.org", role=User.Role.AUDITOR)
    export = exporting.ask_held(hold, by=auditor)
    exporting.make()
    with zipfile.ZipFile(exporting.path_of(export.pk)) as archive:
        assert json.loads(archive.read("projects.json"))[0]["instructions"] == WORDS
    holding.release(hold, by=olga)
    sweeping.sweep()
    assert not Project.objects.exists()


def test_projects_go_with_an_erased_account_and_leave_the_chats_of_others(person: User) -> None:
    project, eve = made(person, shared=True), make_user("eve@example.org")
    theirs = begun(eve, project)
    User.objects.filter(pk=person.pk).update(is_active=False)
    leaving.erase_belongings(person, by=make_owner())
    sweeping.sweep()
    assert not Project.objects.exists()
    assert again(theirs).project_id is None
    person.refresh_from_db()
    assert person.display_name == ""


def test_what_a_form_lacks_is_said_in_a_sentence(person: User) -> None:
    ada = sign_in(person)
    assert "A project needs a name." in ada.post(reverse("chat:new_project"), {"name": " "}).content.decode()
    long = ada.post(reverse("chat:new_project"), {"name": "A", "instructions": "x" * 8001})
    assert "The instructions have 8001 characters; at most 8000 can be kept." in long.content.decode()
    assert not Project.objects.exists()
