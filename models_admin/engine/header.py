"""What a GGUF file says of itself, read before llama.cpp may see it: llama.cpp aborts the process on some bad files."""

import hashlib
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import gguf

MAGIC = b"GGUF"
VERSIONS = (2, 3)
DEMO = "hearth.demo"  # the key that marks a demo model
MOST_ENTRIES = 1_000_000  # tensors or metadata keys; real files have some hundreds


class BadModel(Exception):
    """The file cannot be hosted; the message is a sentence for an administrator."""


@dataclass(frozen=True, slots=True)
class Header:
    """What Hearth needs to know of a model file. Sizes in bytes, context in tokens."""

    name: str
    architecture: str
    quantisation: str
    context: int
    layers: int
    kv_width: int  # elements of K and V per token and layer
    chat_template: str
    size: int
    demo: bool = False  # a model to try Hearth with, not for work


def read_header(path: str) -> Header:
    """Return the header of a complete GGUF file. Raises BadModel with the reason."""
    import gguf  # with numpy it costs a process 10 MB, and web processes read no files

    file = Path(path)
    _check_file(file)
    try:
        reader = gguf.GGUFReader(file)
        header = _header(reader, file)
        _check_complete(reader, file)
    except BadModel:
        raise
    except Exception as error:
        raise BadModel(f"The file's header is damaged or cut off ({type(error).__name__}).") from error
    return header


def _check_file(file: Path) -> None:
    if not file.exists():
        raise BadModel("The file does not exist.")
    if not file.is_file():
        raise BadModel("This is not a file.")
    try:
        with file.open("rb") as stream:
            start = stream.read(24)
    except OSError as error:
        raise BadModel(f"The file cannot be read ({error.strerror}).") from error
    _check_start(start)


def _check_start(start: bytes) -> None:
    if not start:
        raise BadModel("The file is empty.")
    if start.lstrip().lower().startswith((b"<!do", b"<htm", b"<?xml")):
        raise BadModel("This is a web page, not a model: the download probably needs a sign-in.")
    if not start.startswith(MAGIC):
        raise BadModel("This is not a GGUF file.")
    if len(start) < 24:
        raise BadModel("The file is cut off within its first bytes.")
    version, tensors, keys = struct.unpack("<IQQ", start[4:24])
    if version not in VERSIONS:
        raise BadModel(f"GGUF version {version} is not supported.")
    if tensors > MOST_ENTRIES or keys > MOST_ENTRIES:
        raise BadModel("The file's header is damaged: it promises more entries than any model has.")


def _check_complete(reader: "gguf.GGUFReader", file: Path) -> None:
    end = max((int(tensor.data_offset + tensor.n_bytes) for tensor in reader.tensors), default=0)
    if not end:
        raise BadModel("The file holds no weights.")
    if file.stat().st_size < end:
        raise BadModel(f"The file is cut off: it has {file.stat().st_size:,} of {end:,} bytes.")


def _value(reader: "gguf.GGUFReader", key: str, default: Any) -> Any:
    field = reader.get_field(key)
    return default if field is None else field.contents()


def _most(value: Any) -> int:
    return max(value) if isinstance(value, list) else int(value)


def _header(reader: "gguf.GGUFReader", file: Path) -> Header:
    architecture = str(_value(reader, "general.architecture", ""))
    if not architecture:
        raise BadModel("The file does not name its architecture.")

    def of(key: str, default: Any = 0) -> Any:
        return _value(reader, f"{architecture}.{key}", default)

    heads = _most(of("attention.head_count")) or 1
    kv_heads = _most(of("attention.head_count_kv", heads))
    width = int(of("embedding_length")) // heads
    kv_width = kv_heads * (int(of("attention.key_length", width)) + int(of("attention.value_length", width)))
    kind = int(_value(reader, "general.file_type", -1))
    return Header(
        name=str(_value(reader, "general.name", file.stem)),
        architecture=architecture,
        quantisation=_quantisation(kind),
        context=int(of("context_length")),
        layers=int(of("block_count")),
        kv_width=kv_width,
        chat_template=str(_value(reader, "tokenizer.chat_template", "")),
        size=file.stat().st_size,
        demo=_value(reader, DEMO, False) is True,
    )


def _quantisation(kind: int) -> str:
    from gguf import LlamaFileType

    try:
        return LlamaFileType(kind).name.removeprefix("MOSTLY_").removeprefix("ALL_")
    except ValueError:
        return "unknown"


def sha256_of(path: str) -> str:
    """Return the file's hash in hex."""
    with Path(path).open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
