"""What a GGUF file says of itself, read before llama.cpp may see it: llama.cpp aborts the process on some bad files."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from math import isfinite
from pathlib import Path
from typing import Any

from models_admin.engine.container import Array, BadModel, Container, Tensor, read_container, shown
from models_admin.engine.shape import Shape, Weights

__all__ = ["BadModel", "Header", "parts_of", "read_header", "sha256_of"]

DEMO = "hearth.demo"  # the key that marks a demo model
LONGEST_WORD = 200  # characters of a name, a licence, an author
MOST_LANGUAGES = 40
PART = re.compile(r"(?P<stem>.+)-(?P<number>\d{5})-of-(?P<count>\d{5})\.gguf")
MOST_PARTS = 999
POOLED = (1, 2, 3, 4)  # llama.cpp's kinds of pooling: the model says one thing of a whole text
# Models that read in both directions; older files of theirs do not say how they pool.
READERS = ("bert", "t5encoder", "gemma-embedding")
# What else may be in a GGUF file, by its general.type.
OTHER_KINDS = {
    "adapter": "This is a LoRA adapter, not a model: it belongs on top of the model that it was trained with.",
    "mmproj": "This is the part of a model that reads pictures, not the model itself.",
    "imatrix": "This file helps to quantise a model; it is no model.",
}


@dataclass(frozen=True, slots=True)
class Header:
    """What Hearth needs to know of a model file. Sizes in bytes, context in tokens.

    What only the file's author knows (licence, languages, author, base model) is as they wrote it, cut to a line.
    """

    name: str
    architecture: str
    quantisation: str
    context: int
    layers: int
    kv_width: int  # elements of K and V per token and layer
    chat_template: str
    size: int  # of all parts
    demo: bool = False  # a model to try Hearth with, not for work
    kind: str = "model"  # or adapter, mmproj ...
    licence: str = ""
    languages: tuple[str, ...] = ()
    base_model: str = ""
    author: str = ""
    tokenizer: str = ""
    parameters: int = 0
    parts: int = 1
    embeds: bool = False  # it turns texts into vectors and cannot answer
    shape: Shape = field(default_factory=Shape)

    @property
    def has_template(self) -> bool:
        """Whether the file says how a chat is written for it."""
        return bool(self.chat_template)


def read_header(path: str) -> Header:
    """Return the header of a complete model, all of its parts looked at. Raises BadModel with the reason."""
    files = parts_of(path)
    first = read_container(files[0])
    _check_kind(first)
    rest = [read_container(file) for file in files[1:]]
    _check_parts([first, *rest], files)
    tensors = [tensor for part in (first, *rest) for tensor in part.tensors]
    if not tensors:
        raise BadModel("The file holds no weights.")
    header = _header(_Keys(first.keys), tensors, stem=files[0].stem)
    return replace(header, size=sum(part.size for part in (first, *rest)), parts=len(files))


def parts_of(path: str) -> list[Path]:
    """Return the files of a model in order: one, or all the parts of one that was split. Raises BadModel."""
    file = Path(path)
    match = PART.fullmatch(file.name)
    if match is None:
        return [file]
    number, count = int(match["number"]), int(match["count"])
    if number != 1 or not 1 <= count <= MOST_PARTS:
        raise BadModel(f"This is part {number} of {count} of a model: name the first part, the others are found by it.")
    files = [file.with_name(f"{match['stem']}-{n:05}-of-{count:05}.gguf") for n in range(1, count + 1)]
    for n, part in enumerate(files, 1):
        if n > 1 and not part.is_file():
            raise BadModel(f"Part {n} of {count} is missing: it must lie beside the first, as {shown(part.name)}.")
    return files


def sha256_of(path: str) -> str:
    """Return the hash of a model in hex: of the file, or of all the parts of one that was split.

    The hash of a split model is that of the list of its parts' hashes, a line each, in order:
    `sha256sum model-*-of-*.gguf | cut -c1-64 | sha256sum`.
    """
    files = parts_of(path)
    if len(files) == 1:
        return _sha256(files[0])
    return hashlib.sha256("".join(f"{_sha256(file)}\n" for file in files).encode()).hexdigest()


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _check_kind(container: Container) -> None:
    kind = str(container.keys.get("general.type", "model"))
    if reason := OTHER_KINDS.get(kind):
        raise BadModel(reason)
    if container.keys.get("general.architecture") == "clip":
        raise BadModel(OTHER_KINDS["mmproj"])


def _check_parts(parts: list[Container], files: list[Path]) -> None:
    """Each part says which one it is; llama.cpp reads them by their names. Raises BadModel."""
    for n, part in enumerate(parts):
        count, number = part.keys.get("split.count", 1), part.keys.get("split.no", 0)
        if (count or 1) != len(parts):
            raise BadModel(
                f"This is one of {count} parts of a model, and the file's name does not end as a part's does."
            )
        if number != n:
            raise BadModel(f"{shown(files[n].name)} holds another part than its name says.")


class _Keys:
    """The metadata, by kinds that are relied upon: a value of another kind counts as none."""

    def __init__(self, keys: dict[str, Any]) -> None:
        self.keys = keys
        self.architecture = self.word("general.architecture")

    def text(self, key: str) -> str:
        value = self.keys.get(key, "")
        return value if isinstance(value, str) else ""

    def word(self, *names: str) -> str:
        """Return the first of these that says something, as one line."""
        return next((word for name in names if (word := _line(self.text(name)))), "")

    def numbers(self, key: str) -> list[int]:
        """Return a number, or one for each layer."""
        value = self.keys.get(key)
        values: Iterable[Any] = value.values if isinstance(value, Array) else (value,)
        return [int(one) for one in values if isinstance(one, int | float) and isfinite(one) and 0 <= one < 1 << 40]

    def number(self, key: str, default: int = 0) -> int:
        """Return a number; the largest where each layer has its own."""
        return max(self.numbers(key), default=default)

    def of(self, key: str, default: int = 0) -> int:
        """Return a number of this architecture."""
        return self.number(f"{self.architecture}.{key}", default)

    def has(self, *beginnings: str) -> bool:
        """Whether the architecture has keys that begin so."""
        return any(key.startswith(tuple(f"{self.architecture}.{one}" for one in beginnings)) for key in self.keys)


def _line(text: str) -> str:
    """Return a text of a file as one line: no control, no mark that turns the direction of writing."""
    kept = (" " if letter.isspace() else letter for letter in text[: 4 * LONGEST_WORD])
    line = "".join(letter for letter in kept if unicodedata.category(letter)[0] != "C")
    return " ".join(line.split())[:LONGEST_WORD]


def _header(keys: _Keys, tensors: list[Tensor], *, stem: str) -> Header:
    if not keys.architecture:
        raise BadModel("The file does not name its architecture.")
    if not keys.of("block_count"):
        raise BadModel("The file does not say how many layers the model has.")
    shape = _shape(keys, tensors)
    languages = keys.keys.get("general.languages")
    said = languages.values[:MOST_LANGUAGES] if isinstance(languages, Array) else ()
    return Header(
        name=keys.word("general.name") or _line(stem),
        architecture=keys.architecture,
        quantisation=_quantisation(keys.number("general.file_type", -1)),
        context=keys.of("context_length"),
        layers=keys.of("block_count"),
        kv_width=shape.heads_kv * (shape.key_length + shape.value_length),
        chat_template=keys.text("tokenizer.chat_template").replace("\0", ""),
        size=0,
        demo=keys.keys.get(DEMO, False) is True,
        kind=keys.word("general.type") or "model",
        licence=keys.word("general.license", "general.license.name", "general.license.link"),
        languages=tuple(word for one in said if isinstance(one, str) and (word := _line(one)[:20])),
        base_model=keys.word("general.base_model.0.name", "general.base_model.0.repo_url"),
        author=keys.word("general.author", "general.organization"),
        tokenizer=" ".join(filter(None, (keys.word("tokenizer.ggml.model"), keys.word("tokenizer.ggml.pre")))),
        parameters=sum(tensor.elements for tensor in tensors),
        embeds=keys.of("pooling_type") in POOLED or any(reader in keys.architecture for reader in READERS),
        shape=shape,
    )


def _shape(keys: _Keys, tensors: list[Tensor]) -> Shape:
    heads = keys.of("attention.head_count") or 1
    each = keys.numbers(f"{keys.architecture}.attention.head_count_kv")
    width = keys.of("embedding_length")
    tokens, merges = (keys.keys.get(f"tokenizer.ggml.{name}") for name in ("tokens", "merges"))
    return Shape(
        width=width,
        heads=heads,
        heads_kv=max(each, default=heads),
        heads_kv_each=tuple(each) if len(each) > 1 else (),
        key_length=keys.of("attention.key_length", width // heads),
        value_length=keys.of("attention.value_length", width // heads),
        feed_forward=keys.of("feed_forward_length"),
        expert_feed_forward=keys.of("expert_feed_forward_length"),
        vocabulary=tokens.length if isinstance(tokens, Array) else keys.of("vocab_size"),
        merges=merges.length if isinstance(merges, Array) else 0,
        experts=keys.of("expert_count"),
        experts_used=keys.of("expert_used_count"),
        window=keys.of("attention.sliding_window"),
        unsure=_unsure(keys),
        weights=Weights.of((tensor.name, tensor.size) for tensor in tensors),
    )


def _unsure(keys: _Keys) -> str:
    """Return why the memory of conversations cannot be told from the header, or nothing."""
    if keys.has("ssm.", "wkv.", "shortconv.", "kda.", "token_shift_count"):
        return "The model keeps a running state beside or instead of a cache, and its size is not in the header."
    if keys.has("attention.kv_lora_rank", "attention.key_length_mla", "attention.indexer."):
        return "The model keeps conversations in a compressed form, and how large that is differs by version."
    if keys.has("attention.key_length_swa", "attention.value_length_swa", "attention.shared_kv_layers"):
        return "Some of the model's layers keep less of a conversation than others, and the header does not say which."
    return ""


def _quantisation(kind: int) -> str:
    from gguf import LlamaFileType

    try:
        return str(LlamaFileType(kind).name).removeprefix("MOSTLY_").removeprefix("ALL_")
    except ValueError:
        return "unknown"
