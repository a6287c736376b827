"""What machines say of their models: the best of it is the deployment's state, and who dies too often rests."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db.models.functions import Now
from factories import make_deployment

from audit.models import Entry
from models_admin import hosting, placing
from models_admin.engine.protocol import Ready
from models_admin.models import Deployment, Happening, Host, Placement

pytestmark = pytest.mark.django_db
READY = Ready("Told", "f" * 64, "told", "none", 4096, 8, 1.5, memory=7, vram=8)
State = Deployment.State
As = Callable[[str], None]


@pytest.fixture
def as_host(settings: Any) -> As:
    def become(name: str) -> None:
        settings.HOST = name

    become("one")
    return become


def state_of(deployment: Deployment) -> tuple[str, str]:
    deployment.refresh_from_db()
    return deployment.state, deployment.reason


def fall_silent(name: str) -> None:
    Host.objects.filter(name=name).update(heard_at=Now() - timedelta(seconds=11))


def test_a_deployment_is_as_well_as_the_best_of_its_machines(as_host: As) -> None:
    deployment = make_deployment()
    placing.refused(deployment, "No file.")
    assert state_of(deployment) == (State.REFUSED, "No file.")
    as_host("two")
    placing.loading(deployment)
    assert state_of(deployment) == (State.LOADING, "")
    placing.ready(deployment, READY)
    assert state_of(deployment) == (State.READY, "")
    assert (deployment.sha256, deployment.architecture) == ("f" * 64, "told")
    placing.unloaded(deployment.pk, "Nobody asks.")
    assert state_of(deployment) == (State.COLD, "")


def test_what_a_silent_machine_had_is_loaded_there_no_longer(as_host: As) -> None:
    deployment = make_deployment()
    placing.ready(deployment, READY)
    assert placing.settle_silent() == 0
    fall_silent("one")
    assert placing.settle_silent() == 1
    assert state_of(deployment) == (State.COLD, "")
    assert [one.what for one in Happening.objects.all()] == ["gone", "loaded"]


def test_three_deaths_in_five_minutes_are_too_many(as_host: As) -> None:
    deployment = make_deployment()
    placing.ready(deployment, READY)
    assert [placing.crashed(deployment, "SIGSEGV") for _ in range(3)] == [False, False, True]
    assert state_of(deployment)[0] == State.UNHEALTHY
    assert "again and again" in placing.resting(deployment)
    assert not placing.may_load(deployment)
    assert Entry.objects.latest("seq").verb == "models.unhealthy"
    Placement.objects.update(retry_at=Now())
    assert placing.may_load(deployment)
    assert placing.is_on_trial(deployment)
    assert not placing.resting(deployment)


def test_deaths_long_ago_do_not_count(as_host: As) -> None:
    deployment = make_deployment()
    placing.crashed(deployment, "SIGSEGV")
    placing.crashed(deployment, "SIGSEGV")
    Happening.objects.update(at=Now() - timedelta(minutes=6))
    assert not placing.crashed(deployment, "SIGSEGV")


def test_deaths_of_one_answer_are_forgiven(as_host: As) -> None:
    deployment = make_deployment()
    for _ in range(2):
        placing.crashed(deployment, "SIGSEGV")
    assert not placing.crashed(deployment, "SIGSEGV", blamed=True)
    assert not placing.crashed(deployment, "SIGSEGV")


def test_a_second_answer_to_blame_is_one_too_many(as_host: As) -> None:
    deployment = make_deployment()
    assert not placing.crashed(deployment, "SIGSEGV", blamed=True)
    assert placing.crashed(deployment, "SIGSEGV", blamed=True)


def test_who_dies_on_trial_rests_twice_as_long_and_an_answer_heals(as_host: As) -> None:
    deployment = make_deployment()
    for _ in range(3):
        placing.crashed(deployment, "SIGSEGV")
    assert placing.crashed(deployment, "SIGSEGV")
    assert "60 seconds" in placing.resting(deployment)
    placing.ready(deployment, READY)
    placing.recovered(deployment.pk)
    assert not placing.is_on_trial(deployment)
    assert not placing.crashed(deployment, "SIGSEGV")


def test_machines_load_anew_one_after_the_other(as_host: As) -> None:
    deployment = make_deployment()
    placing.ready(deployment, READY)
    as_host("two")
    placing.ready(deployment, READY)
    assert placing.may_replace(deployment)
    as_host("one")
    assert not placing.may_replace(deployment)
    fall_silent("two")
    assert placing.may_replace(deployment)


def test_what_is_refused_is_not_tried_again_before_its_settings_change(as_host: As) -> None:
    deployment = make_deployment()
    placing.refused(deployment, "No file.")
    assert not placing.may_load(deployment)
    deployment.revision += 1
    assert placing.may_load(deployment)


def test_a_model_runs_where_it_is_placed_or_where_its_file_lies(as_host: As) -> None:
    one = hosting.me()
    missing = make_deployment("/nowhere/model.gguf")
    assert hosting.wanted_here(one) == [missing], "the only machine says what is wrong"
    as_host("two")
    two = hosting.me()
    assert hosting.wanted_here(one) == hosting.wanted_here(two) == []
    missing.hosts.add(two)
    assert (hosting.wanted_here(one), hosting.wanted_here(two)) == ([], [missing])
    Deployment.objects.update(enabled=False)
    assert hosting.wanted(missing.pk, two) is None


def test_a_machine_says_how_it_is(as_host: As, tmp_path: Path, settings: Any) -> None:
    settings.MODELS = tmp_path
    host = hosting.begin()
    hosting.speak(host, [make_deployment()])
    host.refresh_from_db()
    assert host.cores >= 1
    assert host.ram_total > host.ram_free > 0
    assert host.disk_free > 0
    assert "llama-cpp-python" in host.version
    assert Deployment.objects.get().heard_at is not None


def test_a_worker_that_begins_has_nothing_loaded(as_host: As) -> None:
    placing.ready(make_deployment(), READY)
    hosting.begin()
    assert Placement.objects.get().state == State.COLD


def test_what_happened_long_ago_is_forgotten_with_machines_that_are_gone(as_host: As) -> None:
    placing.ready(make_deployment(), READY)
    as_host("two")
    placing.ready(make_deployment(), READY)
    long_ago = Now() - timedelta(days=91)
    Happening.objects.filter(host="one").update(at=long_ago)
    Host.objects.filter(name="one").update(heard_at=long_ago)
    assert placing.forget_old(days=90) == 1
    assert [one.name for one in Host.objects.all()] == ["two"]
    assert [one.host for one in Happening.objects.all()] == ["two"]
