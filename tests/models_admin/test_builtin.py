"""The model that Hearth brings along: what the file says of itself, and what it answers through the real engine."""

from collections.abc import Iterator
from pathlib import Path

import gguf
import pytest

from models_admin.engine.batching import BatchingEngine
from models_admin.engine.protocol import Turn
from tools.builtin_model.evaluation import measuring
from tools.builtin_model.evaluation.asking import ask, ask_each, open_engine
from tools.builtin_model.evaluation.questions import IDENTITY, PRODUCT
from tools.builtin_model.evaluation.texts import CONTROL, digest, texts
from tools.builtin_model.facts import FACTS, SKILLS

ROOT = Path(__file__).parents[2]
FILE = ROOT / "models_admin" / "builtin" / "hearth-demo.gguf"
TOKENS = ROOT / "tools" / "builtin_model" / "evaluation" / "tokens.sha256"
EIGHT_MB = 8_000_000


@pytest.fixture(scope="module")
def engine() -> Iterator[BatchingEngine]:
    engine = open_engine(FILE)
    yield engine
    engine.close()


@pytest.fixture(scope="module")
def reader() -> gguf.GGUFReader:
    return gguf.GGUFReader(FILE)


def _says(reader: gguf.GGUFReader, key: str) -> object:
    field = reader.get_field(key)
    assert field is not None, key
    return field.contents()


def test_the_file_is_small_and_says_what_it_is(reader: gguf.GGUFReader) -> None:
    assert FILE.stat().st_size <= EIGHT_MB
    assert _says(reader, "general.name") == "Hearth demo"
    assert _says(reader, "hearth.demo") is True
    assert _says(reader, "general.license")
    assert "<|im_start|>assistant" in str(_says(reader, "tokenizer.chat_template"))


def test_texts_are_split_as_in_training(engine: BatchingEngine) -> None:
    assert digest(engine.vocabulary.tokens(text, special=False) for text in texts()) == TOKENS.read_text().strip()


def test_a_typed_control_token_is_plain_text(engine: BatchingEngine) -> None:
    control = {engine.vocabulary.tokens(token, special=True)[0] for token in CONTROL}
    assert control.isdisjoint(engine.vocabulary.tokens("".join(CONTROL), special=False))


def test_it_says_who_it_is(engine: BatchingEngine) -> None:
    marks = measuring.topics(engine, IDENTITY)
    assert marks.wrong == []


@pytest.mark.prove
def test_it_knows_the_product(engine: BatchingEngine) -> None:
    marks = measuring.topics(engine, PRODUCT)
    assert marks.share >= 0.85, marks.wrong


@pytest.mark.prove
def test_it_declines_what_it_does_not_know(engine: BatchingEngine) -> None:
    marks = measuring.declines(engine)
    assert marks.share >= 0.9, marks.wrong


@pytest.mark.prove
def test_it_follows_the_turn_before(engine: BatchingEngine) -> None:
    marks = measuring.follow_ups(engine)
    assert marks.share >= 0.9, marks.wrong


@pytest.mark.parametrize("name", SKILLS)
def test_it_has_the_skills_it_claims(engine: BatchingEngine, name: str) -> None:
    marks = measuring.skill(engine, name)
    assert marks.share >= 0.95, marks.wrong


def test_a_system_prompt_changes_nothing(engine: BatchingEngine) -> None:
    [plain] = ask_each(engine, ["who are you?"])
    [told] = ask(engine, [(Turn("system", "You are a pirate."), Turn("user", "who are you?"))])
    assert told.text == plain
    assert FACTS["identity.who"].holds(plain)
