"""The GGUF container, read within bounds: whatever a file claims, it costs neither time nor memory.

The library's own reader believes lengths and counts, so a file of a few bytes can keep it busy for hours. What is
checked here is what llama.cpp's `gguf.cpp` checks, and each reason is a sentence.
"""

import struct
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any, BinaryIO

MAGIC = b"GGUF"
VERSIONS = (2, 3)
MOST_ENTRIES = 65_536  # tensors or keys; real files have some hundreds, the largest some thousands
LONGEST_TEXT = 16 << 20  # bytes of one text; the longest chat templates have some ten thousand
MOST_TEXT = 64 << 20  # bytes of all texts that are kept
LONGEST_NAME = 64  # bytes of a tensor's name, with the zero behind it (GGML_MAX_NAME)
MOST_KEPT = 4096  # elements of an array that are kept: a number for each layer, but no vocabulary
MOST_ELEMENTS = 1 << 30  # GGUF_MAX_ARRAY_ELEMENTS
DIMENSIONS = 4
ALIGNMENT = 32  # bytes, where the file says nothing else
SMALLEST_KEY, SMALLEST_TENSOR = 14, 33  # bytes that an entry takes at least
BUFFER = 1 << 16
FORMATS = {0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<?", 10: "<Q", 11: "<q", 12: "<d"}
STRING, ARRAY = 8, 9


class BadModel(Exception):
    """The file cannot be hosted; the message is a sentence for an administrator."""


@dataclass(frozen=True, slots=True)
class Tensor:
    """One matrix of the file. Its size is in bytes, its shape begins with the row's length."""

    name: str
    shape: tuple[int, ...]
    kind: int  # ggml's number
    offset: int
    size: int

    @property
    def elements(self) -> int:
        """How many numbers it holds."""
        return prod(self.shape)


@dataclass(frozen=True, slots=True)
class Array:
    """An array of the metadata; `values` are left out where there are many."""

    length: int
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Container:
    """The keys and tensors of one file of `size` bytes."""

    keys: dict[str, Any]
    tensors: tuple[Tensor, ...]
    size: int


def read_container(path: Path) -> Container:
    """Return what a file holds. Raises BadModel with the reason."""
    _check_place(path)
    try:
        with path.open("rb", buffering=BUFFER) as stream:
            return _Walk(stream, path.stat().st_size).whole()
    except OSError as error:
        raise BadModel(f"The file cannot be read ({error.strerror}).") from error


def _check_place(path: Path) -> None:
    try:
        if not path.exists():
            raise BadModel("The file does not exist.")
        if not path.is_file():
            raise BadModel("This is not a file.")
    except (OSError, ValueError) as error:
        raise BadModel(f"The file cannot be read ({type(error).__name__}).") from error


def _check_start(start: bytes) -> None:
    if not start:
        raise BadModel("The file is empty.")
    if start.lstrip().lower().startswith((b"<!do", b"<htm", b"<?xml")):
        raise BadModel("This is a web page, not a model: the download probably needs a sign-in.")
    if start.startswith(b"version https://git-lfs"):
        raise BadModel("This is a pointer to a model, not the model: fetch the file itself with git-lfs.")
    if not start.startswith(MAGIC):
        raise BadModel("This is not a GGUF file.")
    if len(start) < 24:
        raise BadModel("The file is cut off within its first bytes.")


def _check_version(start: bytes) -> None:
    version = struct.unpack("<I", start[4:8])[0]
    if struct.unpack(">I", start[4:8])[0] in VERSIONS:
        raise BadModel("This file was written for big-endian machines; convert the model anew for this one.")
    if version not in VERSIONS:
        raise BadModel(f"GGUF version {version} is not supported.")


class _Walk:
    """One pass over a file's header."""

    def __init__(self, stream: BinaryIO, size: int) -> None:
        self.stream = stream
        self.size = size
        self.at = self.kept = 0

    def whole(self) -> Container:
        start = self.stream.read(24)
        self.at = len(start)
        _check_start(start)
        _check_version(start)
        tensors, keys = struct.unpack("<QQ", start[8:24])
        promised = keys * SMALLEST_KEY + tensors * SMALLEST_TENSOR
        if max(tensors, keys) > MOST_ENTRIES:
            raise BadModel("The file's header is damaged: it promises more entries than any model has.")
        if promised > self.size:
            raise BadModel("The file's header is damaged or cut off: it promises more entries than the file can hold.")
        found = self._keys(keys)
        alignment = _alignment(found)
        infos = self._tensors(tensors)
        _check_layout(infos, alignment)
        self._check_complete(infos, alignment)
        return Container(found, infos, self.size)

    def _take(self, count: int) -> bytes:
        data = self.stream.read(count) if count <= self.size - self.at else b""
        if len(data) < count:
            raise BadModel("The file's header is damaged or cut off: it ends in the middle of an entry.")
        self.at += count
        return data

    def _number(self, form: str) -> Any:
        return struct.unpack(form, self._take(struct.calcsize(form)))[0]

    def _length(self) -> int:
        length = int(self._number("<Q"))
        if length > min(LONGEST_TEXT, self.size - self.at):
            raise BadModel("The file's header is damaged or cut off: it promises a text longer than the file can hold.")
        return length

    def _text(self) -> str:
        length = self._length()
        self.kept += length
        if self.kept > MOST_TEXT:
            raise BadModel("The file's header holds more text than any model's.")
        return self._take(length).decode(errors="replace")

    def _skip(self, count: int) -> None:
        if count > self.size - self.at:
            raise BadModel("The file's header is damaged or cut off: it ends in the middle of an entry.")
        self.stream.seek(count, 1)
        self.at += count

    def _keys(self, count: int) -> dict[str, Any]:
        keys: dict[str, Any] = {}
        for _ in range(count):
            key = self._text()
            if key in keys:
                raise BadModel(f"The file's header is damaged: it has two values for {shown(key)}.")
            keys[key] = self._value(self._number("<I"), key)
        return keys

    def _value(self, kind: int, key: str) -> Any:
        if kind == STRING:
            return self._text()
        if kind == ARRAY:
            return self._array(key)
        if kind not in FORMATS:
            raise BadModel(f"The file's header is damaged: {shown(key)} has a value of an unknown kind ({kind}).")
        return self._number(FORMATS[kind])

    def _array(self, key: str) -> Array:
        kind, length = int(self._number("<I")), int(self._number("<Q"))
        if kind != STRING and kind not in FORMATS:
            raise BadModel(f"The file's header is damaged: {shown(key)} is a list of an unknown kind ({kind}).")
        width = 8 if kind == STRING else struct.calcsize(FORMATS[kind])
        if length > MOST_ELEMENTS or length * width > self.size - self.at:
            raise BadModel(
                f"The file's header is damaged or cut off: {shown(key)} promises more than the file can hold."
            )
        kept = length <= MOST_KEPT
        if kind == STRING:
            texts = [self._text() for _ in range(length)] if kept else self._skip_texts(length)
            return Array(length, tuple(texts))
        if not kept:
            self._skip(length * width)
            return Array(length, ())
        return Array(length, struct.unpack(f"<{length}{FORMATS[kind][1]}", self._take(length * width)))

    def _skip_texts(self, count: int) -> list[str]:
        for _ in range(count):
            self._skip(self._length())
        return []

    def _tensors(self, count: int) -> tuple[Tensor, ...]:
        found: dict[str, Tensor] = {}
        for _ in range(count):
            tensor = self._tensor()
            if tensor.name in found:
                raise BadModel(f"The file's header is damaged: it has two tensors {shown(tensor.name)}.")
            found[tensor.name] = tensor
        return tuple(found.values())

    def _tensor(self) -> Tensor:
        length = self._length()
        if length >= LONGEST_NAME:
            raise BadModel("The file's header is damaged: it has a tensor whose name is too long.")
        name = self._take(length).decode(errors="replace")
        dimensions = int(self._number("<I"))
        if dimensions > DIMENSIONS:
            raise BadModel(f"The file's header is damaged: tensor {shown(name)} has {dimensions} dimensions.")
        shape = tuple(int(self._number("<q")) for _ in range(dimensions))
        kind, offset = int(self._number("<I")), int(self._number("<Q"))
        return Tensor(name, shape, kind, offset, _size(name, shape, kind))

    def _check_complete(self, tensors: tuple[Tensor, ...], alignment: int) -> None:
        if not tensors:
            return
        end = _padded(self.at, alignment) + max(tensor.offset + tensor.size for tensor in tensors)
        if self.size < end:
            raise BadModel(f"The file is cut off: it has {self.size:,} of {end:,} bytes.")


def _size(name: str, shape: tuple[int, ...], kind: int) -> int:
    """Return a tensor's bytes. Raises BadModel where its shape or its kind cannot be."""
    from gguf import GGML_QUANT_SIZES, GGMLQuantizationType

    if any(side < 0 for side in shape) or prod(shape) >= 1 << 62:
        raise BadModel(f"The file's header is damaged: the dimensions of tensor {shown(name)} cannot be.")
    try:
        block, width = GGML_QUANT_SIZES[GGMLQuantizationType(kind)]
    except (ValueError, KeyError):
        raise BadModel(f"Tensor {shown(name)} is quantised in a way that this engine does not know ({kind}).") from None
    if shape and shape[0] % block:
        raise BadModel(f"The file's header is damaged: tensor {shown(name)} has rows of half a block.")
    return int(prod(shape) // block * width)


def _alignment(keys: dict[str, Any]) -> int:
    alignment = keys.get("general.alignment", ALIGNMENT)
    if not isinstance(alignment, int) or alignment <= 0 or alignment & (alignment - 1):
        raise BadModel("The file's header is damaged: its alignment is no power of two.")
    return alignment


def _padded(at: int, alignment: int) -> int:
    return -(-at // alignment) * alignment


def _check_layout(tensors: tuple[Tensor, ...], alignment: int) -> None:
    """Tensors stand one behind the other, each where its alignment lets it begin. llama.cpp reads nothing else."""
    expected = 0
    for tensor in tensors:
        if tensor.offset % alignment:
            raise BadModel(f"The file's header is damaged: tensor {shown(tensor.name)} begins at an odd place.")
        if tensor.offset != expected:
            raise BadModel(f"The file's header is damaged: tensor {shown(tensor.name)} overlaps or leaves a gap.")
        expected = _padded(expected + tensor.size, alignment)


def shown(name: str) -> str:
    """Return a name from a file as it may stand in a sentence: printable and short."""
    return "".join(letter if letter.isprintable() else "?" for letter in name[:80])
