"""The pages of deployments and the steps to one: what they say, what they change, and that nothing is lost."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from acts_of_models import look
from django.test import Client
from django.urls import reverse
from factories import make_deployment, make_owner, make_team
from tiny_gguf import write_tiny_gguf, write_tiny_lora

from models_admin import builtin, deployed
from models_admin.deploy_forms import fit_values, use_values
from models_admin.models import Deployment, DeploymentTeam, Endpoint, Happening, Host, ModelFile, Placement

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_redis")]
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
GB = 10**9
PART = {"X-Hearth-Partial": "part"}


@pytest.fixture
def olga(client: Client) -> Client:
    client.force_login(make_owner(), backend=BACKEND)
    return client


@pytest.fixture
def file(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> ModelFile:
    settings.MODELS = tmp_path
    monkeypatch.setattr(builtin, "FILE", tmp_path / "no.gguf")
    write_tiny_gguf(tmp_path / "tiny.gguf", name="Tiny & small")
    write_tiny_lora(tmp_path / "style.gguf")
    look()
    return ModelFile.objects.get(path__endswith="tiny.gguf")


def a_host(name: str = "oak", *, file: ModelFile | None = None, free: int = 60 * GB, **fields: Any) -> Host:
    files = [str(file.pk)] if file else []
    return Host.objects.create(name=name, ram_total=64 * GB, ram_free=free, files=files, **fields)


def door(name: str, *args: object) -> str:
    return reverse(f"models_admin:{name}", args=args)


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def shown(client: Client, address: str, **headers: str) -> str:
    response = client.get(address, headers=headers)
    assert response.status_code == 200
    return text_of(response)


def fitting(file: ModelFile, **more: Any) -> dict[str, Any]:
    """What the step about machines sends where nothing is changed but `more`."""
    values = {name: value for name, value in fit_values(deployed.proposed(file)).items() if value not in (None, [])}
    return values | more


def using(file: ModelFile, **more: Any) -> dict[str, Any]:
    values = {name: value for name, value in use_values(deployed.proposed(file)).items() if value not in (None, [])}
    return values | more


def test_an_empty_list_leads_to_the_steps_or_to_the_files(olga: Client, file: ModelFile) -> None:
    page = shown(olga, door("deployments"))
    assert "Nothing is deployed yet" in page
    assert f'href="{door("deploy")}"' in page
    ModelFile.objects.update(state="gone")
    page = shown(olga, door("deployments"))
    assert f'href="{door("deploy")}"' not in page
    assert "none is ready yet" in page


def test_the_list_says_how_each_stands_where_and_for_whom(olga: Client, file: ModelFile) -> None:
    one = make_deployment(file.path, name="Everyday", model=file, state="ready")
    Placement.objects.create(deployment=one, host=a_host(), state="ready")
    DeploymentTeam.objects.create(deployment=one, team=make_team("Sales"), allowed=True)
    DeploymentTeam.objects.create(deployment=one, team=make_team("Law"), allowed=False)
    make_deployment("stub:2", name="Off", enabled=False)
    make_deployment("stub:3", name="Bad", state="refused", reason="The file is damaged.")
    endpoint = Endpoint.objects.create(name="Cloud", url="https://cloud.example/v1", leaves=True)
    Deployment.objects.create(name="Far", endpoint=endpoint, remote_model="big-1")
    page = shown(olga, door("deployments"))
    for words in ("4 deployments", "tiny.gguf", "oak: ready", "only Sales", "not Law", "every team", "switched off"):
        assert words in page
    for words in ("The file is damaged.", "big-1 at Cloud", "leaves the premises", "waits for a machine"):
        assert words in page


def test_a_long_list_costs_as_many_queries(olga: Client, file: ModelFile, django_assert_max_num_queries: Any) -> None:
    hosts, team = [a_host(f"host {n}") for n in range(10)], make_team()
    for n in range(50):
        one = make_deployment(f"stub:{n}", name=f"Model {n}", model=file)
        one.hosts.set(hosts[n % 10 :])
        DeploymentTeam.objects.create(deployment=one, team=team, allowed=True)
        Placement.objects.bulk_create(Placement(deployment=one, host=host, state="ready") for host in hosts)
    with django_assert_max_num_queries(15):
        shown(olga, door("deployments"))
    with django_assert_max_num_queries(30):
        shown(olga, door("deployment", one.pk))


def test_only_models_that_can_answer_are_offered_and_searched(olga: Client, file: ModelFile) -> None:
    page = shown(olga, door("deploy"))
    assert (page.count('class="whole"'), "Tiny &amp; small" in page) == (1, True)
    assert "No file fits." in shown(olga, f"{door('deploy')}?q=nothing")
    assert 'class="whole"' in shown(olga, f"{door('deploy')}?q=tiny+gguf")
    style = ModelFile.objects.get(kind="adapter")
    for name in ("deploy_card", "deploy_fit", "deploy_use"):
        assert olga.get(door(name, style.pk)).status_code == 404


def test_the_card_warns_of_a_deprecated_model_and_names_its_replacement(olga: Client, file: ModelFile) -> None:
    better = ModelFile.objects.create(name="Better", path="/m/b.gguf", state="ready", sha256="b" * 64)
    ModelFile.objects.filter(pk=file.pk).update(deprecated=True, replacement=better, limits="Sums.")
    page = shown(olga, door("deploy_card", file.pk))
    for words in ("it should not be deployed any more", door("deploy_card", better.pk), "Sums.", "not stated"):
        assert words in page


def test_the_step_shows_whether_it_fits_before_and_while_settings_change(olga: Client, file: ModelFile) -> None:
    a_host(file=file)
    a_host("elm", free=1000)
    page = shown(olga, door("deploy_fit", file.pk))
    assert "It fits on oak." in page
    assert "data-over" not in page
    elm = Host.objects.get(name="elm")
    part = shown(olga, f"{door('deploy_fit', file.pk)}?{urlencode(fitting(file, hosts=elm.pk))}", **PART)
    assert "It does not fit on elm." in part
    assert "data-over" in part
    assert "<html" not in part
    wrong = shown(olga, f"{door('deploy_fit', file.pk)}?{urlencode(fitting(file, slots=0))}", **PART)
    assert "These settings cannot be used yet." in wrong
    assert "Answers at once: Ensure this value is greater than or equal to 1." in wrong


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"context": 4096}, "The model was trained for up to 2,048 tokens."),
        ({"context": ""}, "This field is required."),
        ({"slots": 257}, "less than or equal to 256"),
        ({"keeping": "idle", "idle_minutes": ""}, "Say after how many minutes."),
        ({"keeping": "never"}, "There is no such choice."),
        ({"tensor_split": "a b"}, "Write a number of 0 or more for each GPU"),
        ({"tensor_split": "nan"}, "Write a number of 0 or more for each GPU"),
        ({"kv_type": "q4_0", "flash_attention": "no"}, "A cache of fewer bits needs flash attention."),
        ({"hosts": "ff2dfa57-b8c1-4a6e-8a8c-2f2f2f2f2f2f"}, "One of these machines is no longer there."),
    ],
)
def test_what_cannot_be_used_is_said_at_its_field_and_kept(
    olga: Client, file: ModelFile, wrong: dict[str, Any], sentence: str
) -> None:
    said = fitting(file, shelf_megabytes=77, **wrong) if "shelf_megabytes" not in wrong else fitting(file, **wrong)
    response = olga.get(f"{door('deploy_use', file.pk)}?{urlencode(said)}", follow=True)
    assert response.redirect_chain[-1][0].startswith(door("deploy_fit", file.pk))
    assert sentence in text_of(response)
    assert 'value="77"' in text_of(response)


def test_a_weight_of_an_adapter_stays_between_bounds(olga: Client, file: ModelFile) -> None:
    style = ModelFile.objects.get(kind="adapter")
    address = door("deploy_fit", file.pk)
    assert f'name="wear_{style.pk}"' in shown(olga, address)
    page = shown(olga, f"{address}?{urlencode(fitting(file, **{f'wear_{style.pk}': '2.5'}))}")
    assert "less than or equal to 2.0" in page


def test_what_does_not_fit_has_to_be_wanted(olga: Client, file: ModelFile) -> None:
    a_host(file=file, free=1000)
    said = fitting(file)
    response = olga.get(f"{door('deploy_use', file.pk)}?{urlencode(said)}", follow=True)
    assert "It does not fit. Change the settings, or tick this if you know better." in text_of(response)
    response = olga.post(door("deploy_use", file.pk), said | using(file))
    assert (response.status_code, "Go back a step" in text_of(response)) == (400, True)
    assert not Deployment.objects.exists()
    assert "Deploy" in shown(olga, f"{door('deploy_use', file.pk)}?{urlencode(said | {'sure': 'on'})}")
    assert olga.post(door("deploy_use", file.pk), said | using(file) | {"sure": "on"}).status_code == 302
    assert Deployment.objects.get().name == "Tiny & small"


def test_all_that_is_said_on_the_way_is_deployed(olga: Client, file: ModelFile) -> None:
    oak, style = a_host(file=file), ModelFile.objects.get(kind="adapter")
    sales, law = make_team("Sales"), make_team("Law")
    make_deployment(name="Small")
    said = fitting(file, hosts=oak.pk, slots=3, context=512, keeping="idle", idle_minutes=20, flash_attention="yes")
    said |= {"kv_type": "q8_0", "tensor_split": "3, 1", f"wear_{style.pk}": "0.5"}
    page = shown(olga, f"{door('deploy_use', file.pk)}?{urlencode(said)}")
    kept = dict(re.findall(r'<input type="hidden" name="(\w[^"]+)" value="([^"]*)">', page))
    assert kept.pop("csrfmiddlewaretoken", "")
    assert kept.pop("next")  # of the switch between light and dark
    assert kept == {name: str(value) for name, value in said.items()}
    use = using(file, name="Letters", system_prompt="Be kind.", temperature="0.2", may_change=["temperature", "top_k"])
    use |= {"allowed": sales.pk, "denied": law.pk}
    response = olga.post(door("deploy_use", file.pk), kept | use, follow=True)
    one = Deployment.objects.get(name="Letters")
    assert response.redirect_chain == [(door("deployment", one.pk), 302)]
    assert "Letters is deployed." in text_of(response)
    assert (one.slots, one.context, one.keeping, one.idle_minutes) == (3, 512, "demand", 20)
    assert (one.flash_attention, one.kv_type, one.tensor_split) == (True, "q8_0", [3.0, 1.0])
    assert (one.system_prompt, one.temperature, one.may_change) == ("Be kind.", 0.2, ["temperature", "top_k"])
    assert ([*one.hosts.all()], one.worn.get().scale) == ([oak], 0.5)
    assert dict(one.said_of_teams.values_list("team", "allowed")) == {sales.pk: True, law.pk: False}


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": ""}, "This field is required."),
        ({"name": "STUB"}, "Another model has this name"),
        ({"temperature": "warm"}, "Enter a number."),
        ({"top_p": "1.5"}, "less than or equal to 1"),
        ({"max_tokens": "0"}, "greater than or equal to 1"),
        ({"may_change": "context"}, "There is no such choice."),
        ({"allowed": "team", "denied": "team"}, "Allowed and denied at once: Sales."),
    ],
)
def test_bad_words_about_its_use_are_said_at_their_field_and_nothing_is_lost(
    olga: Client, file: ModelFile, wrong: dict[str, Any], sentence: str
) -> None:
    team = make_team("Sales")
    make_deployment()
    wrong = {name: team.pk if value == "team" else value for name, value in wrong.items()}
    said = fitting(file, slots=3) | using(file, system_prompt="Be very kind.") | wrong
    response = olga.post(door("deploy_use", file.pk), said)
    assert response.status_code == 400
    for words in (sentence, "Be very kind.", '<input type="hidden" name="slots" value="3">'):
        assert words in text_of(response)
    assert Deployment.objects.count() == 1


def test_the_page_tells_how_it_stands_and_looks_again_while_it_is_loaded(olga: Client, file: ModelFile) -> None:
    one = make_deployment(file.path, name="Everyday", model=file, state="loading", revision=2)
    place = Placement.objects.create(deployment=one, host=a_host(file=file), state="loading", revision=2)
    address = door("deployment", one.pk)
    part = shown(olga, address, **PART)
    assert ("data-wait" in part, "Loading." in part, "Try it" in part, "<html" in part) == (True, True, False, False)
    Placement.objects.filter(pk=place.pk).update(state="ready", memory=GB, load_seconds=2.5)
    Deployment.objects.filter(pk=one.pk).update(state="ready")
    part = shown(olga, address, **PART)
    assert ("data-wait" in part, "loaded in 2.5 s" in part) == (False, True)
    assert f'href="{reverse("chat:home")}?model={one.pk}"' in part
    page = shown(olga, address)
    for words in ("It fits on oak.", "every team", "Switch off", "Restart", "weights"):
        assert words in page
    Deployment.objects.filter(pk=one.pk).update(revision=3)
    assert "machines load it anew" in shown(olga, address, **PART)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"state": "refused", "reason": "The file is damaged."}, "The file is damaged."),
        ({"state": "unhealthy", "reason": "It stopped again."}, "It stopped again."),
        ({"keeping": "demand"}, "It is loaded when somebody asks it."),
        ({"enabled": False}, "Nobody can ask it."),
        ({}, "A machine that has the file loads it next."),
        ({"state": "draining"}, "What is being written goes on to its end."),
    ],
)
def test_every_state_is_said_in_plain_words(olga: Client, fields: dict[str, Any], words: str) -> None:
    one = make_deployment(name="Everyday", **fields)
    assert words in shown(olga, door("deployment", one.pk))


def test_its_history_comes_page_by_page(olga: Client) -> None:
    one = make_deployment()
    for n in range(51):
        Happening.objects.create(deployment=one, host="oak", what="loaded", reason=f"Time {n}.")
    page = shown(olga, door("deployment", one.pk))
    assert ("Time 50." in page, "Time 0." in page) == (True, False)
    [more] = re.findall(r'href="[^"]*after=(\d+)', page)
    part = shown(olga, f"{door('deployment', one.pk)}?after={more}", **PART)
    assert ("Time 0." in part, "Time 1." in part, "<html" in part) == (True, False, False)


def test_a_model_at_an_endpoint_has_a_page_without_memory(olga: Client) -> None:
    endpoint = Endpoint.objects.create(name="Cloud", url="https://cloud.example/v1", leaves=True)
    one = Deployment.objects.create(name="Far", endpoint=endpoint, remote_model="big-1")
    page = shown(olga, door("deployment", one.pk))
    assert ("Cloud" in page, "as big-1" in page, "Layers on GPUs" in page) == (True, True, False)
    assert "name=slots" not in shown(olga, door("change_deployment", one.pk))
    response = olga.post(door("change_deployment", one.pk), dict(use_values(one)) | {"name": "Farther"})
    assert response.status_code == 302
    assert Deployment.objects.get().name == "Farther"


def test_settings_are_changed_and_only_what_is_loaded_counts_a_revision(olga: Client, file: ModelFile) -> None:
    a_host(file=file)
    style = ModelFile.objects.get(kind="adapter")
    olga.post(door("deploy_use", file.pk), fitting(file, **{f"wear_{style.pk}": "1"}) | using(file))
    one = Deployment.objects.get()
    address = door("change_deployment", one.pk)
    assert "It fits on oak." in shown(olga, address)
    same = fitting(file, **{f"wear_{style.pk}": "1"}) | using(file)
    assert olga.post(address, same | {"name": "Other", "temperature": "0.1"}).status_code == 302
    one.refresh_from_db()
    assert (one.name, one.temperature, one.revision) == ("Other", 0.1, 1)
    assert olga.post(address, same | {"name": "Other", "slots": 2}).status_code == 302
    one.refresh_from_db()
    assert (one.slots, one.revision, one.worn.count()) == (2, 2, 1)


def test_checking_a_change_saves_nothing(olga: Client, file: ModelFile) -> None:
    oak = a_host(file=file)
    one = make_deployment(file.path, name="Everyday", model=file)
    said = fitting(file, slots=200) | using(file, name="Other")
    response = olga.post(door("change_deployment", one.pk), said | {"check": "yes"})
    assert (response.status_code, 'value="200"' in text_of(response)) == (200, True)
    part = shown(olga, f"{door('change_deployment', one.pk)}?{urlencode(said)}", **PART)
    assert "It fits on oak." in part
    Host.objects.filter(pk=oak.pk).update(ram_free=1000)
    response = olga.post(door("change_deployment", one.pk), said)
    assert (response.status_code, "tick this if you know better" in text_of(response)) == (400, True)
    assert Deployment.objects.get().slots == 8
    assert olga.post(door("change_deployment", one.pk), said | {"sure": "on"}).status_code == 302
    assert Deployment.objects.get().slots == 200


def test_trying_again_is_offered_where_something_is_wrong(olga: Client) -> None:
    one = make_deployment()
    place = Placement.objects.create(deployment=one, host=a_host(), state="ready")
    assert "Try again now" not in shown(olga, door("deployment", one.pk))
    Placement.objects.filter(pk=place.pk).update(state="unhealthy", reason="It stopped again.")
    assert "Try again now" in shown(olga, door("deployment", one.pk))


def test_buttons_do_what_they_say(olga: Client, file: ModelFile) -> None:
    one = make_deployment(file.path, name="Everyday", model=file)
    for name, said in (("restart", "It is loaded anew"), ("retry", "It is tried again now.")):
        assert said in text_of(olga.post(door(f"{name}_deployment", one.pk), follow=True))
    assert olga.post(door("remove_deployment", one.pk)).status_code == 409
    page = text_of(olga.post(door("switch_deployment", one.pk), {"on": "no"}, follow=True))
    assert ("It is switched off." in page, "Remove" in page) == (True, True)
    assert olga.post(door("restart_deployment", one.pk)).status_code == 409
    assert "is off the list" in text_of(olga.post(door("remove_deployment", one.pk), follow=True))
    assert not Deployment.objects.exists()


def test_a_new_chat_has_the_model_picked_that_its_address_names(olga: Client) -> None:
    make_deployment(name="First")
    second = make_deployment("stub:2", name="Second")
    for address, picked in ((f"?model={second.pk}", "Second"), ("?model=nothing", "First"), ("", "First")):
        page = shown(olga, f"{reverse('chat:home')}{address}")
        assert re.findall(r"selected> (\w+)", page) == [picked]
