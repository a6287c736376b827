"""Deployments are made, changed, switched and removed: what hosts then find, and what the log has of it."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from acts_of_models import look
from django.db.models.functions import Now
from factories import asked, make_deployment, make_owner, make_team, make_user
from tiny_gguf import write_tiny_gguf, write_tiny_lora

from accounts.authority import Refused
from accounts.refusal import Refusal
from audit.models import Entry
from models_admin import builtin, deploying
from models_admin.deploying import Plan
from models_admin.models import Deployment, Host, ModelFile, Placement, TeamModel

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_redis")]


@pytest.fixture
def file(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> ModelFile:
    settings.MODELS = tmp_path
    monkeypatch.setattr(builtin, "FILE", tmp_path / "no.gguf")
    write_tiny_gguf(tmp_path / "tiny.gguf")
    write_tiny_lora(tmp_path / "style.gguf")
    look()
    return ModelFile.objects.get(path__endswith="tiny.gguf")


@pytest.fixture
def style(file: ModelFile) -> ModelFile:
    return ModelFile.objects.get(kind="adapter")


def a_host(name: str = "oak", **fields: Any) -> Host:
    return Host.objects.create(name=name, **fields)


def created(file: ModelFile, **settings: Any) -> Deployment:
    return deploying.create(file, Plan({"name": "Everyday", **settings}), by=make_owner())


def entries() -> list[str]:
    verbs = Entry.objects.filter(verb__startswith="models.").order_by("seq").values_list("verb", flat=True)
    return [verb for verb in verbs if verb not in ("models.registered", "models.deployed")]


def test_what_is_wanted_of_a_deployment_is_rows(file: ModelFile, style: ModelFile) -> None:
    host, inside, outside = a_host(), make_team("In"), make_team("Out")
    plan = Plan({"name": "Everyday", "slots": 3}, [host.pk], {inside.pk: True, outside.pk: False}, {style.pk: 0.5})
    other = make_deployment()
    deployment = deploying.create(file, plan, by=make_owner())
    assert (deployment.path, deployment.model, deployment.slots, deployment.revision) == (file.path, file, 3, 1)
    assert [one.name for one in deployment.hosts.all()] == ["oak"]
    assert dict(deployment.said_of_teams.values_list("team__name", "allowed")) == {"In": True, "Out": False}
    assert [(one.file, one.scale) for one in deployment.worn.all()] == [(style, 0.5)]
    assert Deployment.objects.get(pk=other.pk).enabled, "others stay as they are"


def test_an_adapter_and_a_file_that_is_not_ready_are_not_deployed(file: ModelFile, style: ModelFile) -> None:
    ModelFile.objects.filter(pk=file.pk).update(state="gone")
    for one in (file, style):
        with pytest.raises(Refusal, match="not ready to be deployed"):
            created(one)
    assert not Deployment.objects.exists()


@pytest.mark.parametrize(
    ("given", "anew"),
    [
        ({"slots": 2}, True),
        ({"context": 512}, True),
        ({"gpu_layers": -1}, True),
        ({"tensor_split": [3.0, 1.0]}, True),
        ({"flash_attention": True}, True),
        ({"kv_type": "q8_0"}, True),
        ({"shelf_megabytes": 10}, True),
        ({"threads": 1}, True),
        ({"name": "Other"}, False),
        ({"temperature": 0.0, "max_tokens": 5}, False),
        ({"system_prompt": "Be brief."}, False),
        ({"keeping": "demand", "idle_minutes": 5}, False),
        ({"slots": 8}, False),
    ],
)
def test_only_what_the_engine_must_learn_has_hosts_load_anew(
    file: ModelFile, given: dict[str, Any], anew: bool
) -> None:
    deployment = created(file)
    deploying.change(deployment, Plan(given), by=make_owner())
    assert Deployment.objects.get().revision == (2 if anew else 1)


def test_adapters_are_learnt_by_loading_machines_and_teams_are_not(file: ModelFile, style: ModelFile) -> None:
    deployment = created(file)
    deploying.change(deployment, Plan({}, [a_host().pk], {make_team().pk: True}), by=make_owner())
    assert Deployment.objects.get().revision == 1
    deploying.change(deployment, Plan({}, adapters={style.pk: 1.5}), by=make_owner())
    assert Deployment.objects.get().revision == 2
    deploying.change(deployment, Plan({}, adapters={style.pk: 1.5}), by=make_owner())
    assert Deployment.objects.get().revision == 2
    assert entries() == ["models.deployment_changed"] * 2, "nothing changed the last time"


def test_the_log_has_settings_and_never_the_words_before_a_chat(file: ModelFile) -> None:
    deployment = created(file, system_prompt="Secret words.")
    deploying.change(deployment, Plan({"system_prompt": "Other secret words."}), by=make_owner())
    bodies = "".join(Entry.objects.values_list("body", flat=True))
    assert "ecret" not in bodies
    assert '"fields":["system_prompt"]' in bodies


def test_switching_twice_is_one_change(file: ModelFile) -> None:
    deployment = created(file)
    for on in (False, False, True):
        deploying.switch(deployment, on=on, by=make_owner())
    assert entries() == ["models.switched_off", "models.switched_on"]
    assert Deployment.objects.get().enabled


def test_a_restart_has_it_loaded_anew_and_a_retry_does_not_wait(file: ModelFile) -> None:
    deployment = created(file)
    later = Now() + timedelta(hours=1)
    Placement.objects.create(deployment=deployment, host=a_host(), state="unhealthy", retry_at=later)
    deploying.restart(deployment, by=make_owner())
    assert Deployment.objects.get().revision == 2
    deploying.retry(deployment, by=make_owner())
    assert not Placement.objects.filter(retry_at__gt=Now()).exists()
    deploying.switch(deployment, on=False, by=make_owner())
    for act in (deploying.restart, deploying.retry):
        with pytest.raises(Refusal, match="switched off"):
            act(deployment, by=make_owner())
    assert entries() == ["models.restarted", "models.retried", "models.switched_off"]


def test_what_nothing_hangs_on_is_removed(file: ModelFile, style: ModelFile) -> None:
    plan = Plan({"name": "A", "enabled": False}, [a_host().pk], {make_team().pk: True}, {style.pk: 1.0})
    deployment = deploying.create(file, plan, by=make_owner())
    deploying.remove(deployment, by=make_owner())
    assert not Deployment.objects.exists()
    assert ModelFile.objects.filter(pk=file.pk).exists()


def test_what_is_used_is_not_removed(file: ModelFile) -> None:
    deployment = created(file, enabled=True)
    reasons = []

    def refused() -> None:
        with pytest.raises(Refusal) as caught:
            deploying.remove(deployment, by=make_owner())
        reasons.append(str(caught.value))

    refused()
    deploying.switch(deployment, on=False, by=make_owner())
    place = Placement.objects.create(deployment=deployment, host=a_host(), state="draining")
    refused()
    place.delete()
    choice = TeamModel.objects.create(team=make_team("Chooser"), deployment=deployment)
    refused()
    choice.delete()
    asked(make_user(), "Hello", deployment=deployment)
    refused()
    assert reasons == [
        str(deploying.SWITCH_OFF_FIRST),
        str(deploying.STILL_HELD),
        str(deploying.CHOSEN),
        str(deploying.HAS_ANSWERED),
    ]
    assert Deployment.objects.filter(pk=deployment.pk).exists()


def test_nobody_else_may_do_any_of_it(file: ModelFile) -> None:
    deployment, somebody = created(file), make_user()
    plan = Plan({"name": "Mine"})
    for act in (
        lambda: deploying.create(file, plan, by=somebody),
        lambda: deploying.change(deployment, plan, by=somebody),
        lambda: deploying.switch(deployment, on=False, by=somebody),
        lambda: deploying.restart(deployment, by=somebody),
        lambda: deploying.retry(deployment, by=somebody),
        lambda: deploying.remove(deployment, by=somebody),
    ):
        with pytest.raises(Refused):
            act()
    assert Deployment.objects.get().name == "Everyday"
    assert entries() == []
