"""Real files through the whole way of a host: what may be loaded is, what may not is refused, and nobody else minds."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from bad_gguf import BAD
from factories import asked, make_owner, make_user
from openai_server import llama_server
from tiny_gguf import write_tiny_gguf, write_tiny_lora

from audit.models import Entry
from chat import reconciling, serving
from chat.models import Generation
from chat.reconciling import Rounds
from models_admin import builtin, endpoints, hashing, hosting, registry, seat
from models_admin.engine.outbound import Rules, near_from
from models_admin.engine.process import EngineProcess, ModelRefused
from models_admin.engine.protocol import Ended, EngineSpec, Event, Piece, Request, Sampling, Turn
from models_admin.models import Deployment, ModelFile, WornAdapter

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_redis")]
GREEDY = {"temperature": 0.0, "max_tokens": 24, "context": 512, "slots": 2, "threads": 1}
LATER = 4e9  # when every file rests


@pytest.fixture(autouse=True)
def _in_line(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def ring(one: seat.Seat) -> None:
        one.rung.set()
        serving.keep_serving(one)

    monkeypatch.setattr(reconciling, "ring", ring)
    yield
    for one in seat.all_seats():
        one.drop()
    seat._seats.clear()


@pytest.fixture
def models(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.MODELS = tmp_path / "models"
    settings.MODELS.mkdir()
    monkeypatch.setattr(builtin, "FILE", tmp_path / "no.gguf")
    return Path(settings.MODELS)


@pytest.fixture
def go() -> Callable[[], None]:
    rounds = Rounds(hosting.begin())
    return lambda: rounds.go(time.monotonic())


def registered(file: Path) -> ModelFile:
    registry.scan(now=LATER)
    hashing.hash_waiting()
    return ModelFile.objects.get(path=str(file.resolve()), state=ModelFile.State.READY)


def deployed(file: ModelFile, name: str, **fields: object) -> Deployment:
    return Deployment.objects.create(name=name, path=file.path, model=file, **(GREEDY | fields))


def said_by(deployment: Deployment, text: str) -> Generation:
    generation = asked(make_user(f"asks{Generation.objects.for_housekeeping().count()}"), text, deployment=deployment)
    serving.serve(deployment.pk)
    generation.refresh_from_db()
    assert generation.state == "done", generation.reason
    return generation


def test_an_adapter_changes_what_its_deployment_says_and_no_other_of_the_same_file(models: Path) -> None:
    file = registered(write_tiny_gguf(models / "tiny.gguf"))
    lora = registered(write_tiny_lora(models / "lora.gguf"))
    plain, adapted = deployed(file, "Plain"), deployed(file, "Adapted")
    text = "What does the fire say?"
    alone = said_by(plain, text).message.text
    WornAdapter.objects.create(deployment=adapted, file=lora, scale=1.0)
    other = said_by(adapted, text)
    assert other.message.text != alone
    assert said_by(plain, text).message.text == alone, "both are in memory, and the plain one is as it was"
    assert other.recipe is not None
    assert other.recipe.facts["adapters"] == [["lora", 1.0, lora.sha256]]


@pytest.mark.slow
def test_another_server_answers_through_the_whole_house(settings: Any, go: Callable[[], None]) -> None:
    settings.OUTBOUND = Rules((near_from("127.0.0.1"),))
    with llama_server() as url:
        hall = endpoints.add({"name": "Hall", "url": url, "leaves": False}, key="", by=make_owner())
        values = {"name": "Next door", "remote_model": "house", "slots": 2, "context": 1024}
        deployment = endpoints.deploy(hall, values, by=make_owner())
        Deployment.objects.filter(pk=deployment.pk).update(max_tokens=24, temperature=0.0)
        go()
        deployment.refresh_from_db()
        assert deployment.state == "ready", deployment.reason
        answer = said_by(deployment, "What is a hearth?")
    assert len(answer.message.text) > 10
    assert answer.recipe is not None
    assert (answer.recipe.facts["endpoint"], answer.left_premises) == ("Hall", False)
    again = asked(make_user("late"), deployment=deployment)
    serving.serve(deployment.pk)
    again.refresh_from_db()
    assert again.state == "failed", "the server is gone, and nobody waits for ever"


@pytest.mark.slow
def test_a_changed_byte_is_refused_at_the_next_load_and_audited(models: Path, go: Callable[[], None]) -> None:
    path = write_tiny_gguf(models / "tiny.gguf")
    deployment = deployed(registered(path), "Tiny")
    go()
    deployment.refresh_from_db()
    assert deployment.state == "ready"
    content = bytearray(path.read_bytes())
    content[-100] ^= 1
    path.write_bytes(content)
    Deployment.objects.update(revision=2)
    go()
    go()
    deployment.refresh_from_db()
    assert deployment.state == "refused"
    assert "hash" in deployment.reason
    entry = Entry.objects.filter(verb="models.refused").latest("seq")
    assert entry.result == "refused"
    waits = asked(make_user(), deployment=deployment)
    go()
    waits.refresh_from_db()
    assert (waits.state, waits.reason) == ("failed", deployment.reason)


@pytest.mark.slow
def test_bad_files_are_refused_beside_an_answer_that_loses_no_token(tmp_path: Path) -> None:
    good = write_tiny_gguf(tmp_path / "tiny.gguf")
    request = Request("a", "a", (Turn("user", "Tell me a story."),), Sampling(temperature=0.0, max_tokens=400))
    engine = EngineProcess(EngineSpec(str(good), slots=1, context=1024, threads=1))
    try:
        engine.submit(request)
        whole = _text(_until_ended(engine, []))
        engine.submit(request)
        heard: list[Event] = []
        for name, (change, _) in BAD.items():
            bad = tmp_path / f"{name}.gguf"
            bad.write_bytes(change(good.read_bytes()))
            with pytest.raises(ModelRefused):
                EngineProcess(EngineSpec(str(bad), slots=1, context=256))
            heard += engine.poll(0)
        assert _text(_until_ended(engine, heard)) == whole != ""
        assert len(BAD) >= 12
    finally:
        engine.close()


def _until_ended(engine: EngineProcess, heard: list[Event]) -> list[Event]:
    until = time.monotonic() + 60
    while not any(isinstance(event, Ended) for event in heard):
        assert time.monotonic() < until
        heard += engine.poll(0.5)
    return heard


def _text(heard: list[Event]) -> str:
    return "".join(event.text for event in heard if isinstance(event, Piece))
