"""Files that cannot be hosted, each with the reason: changes to the bytes of a tiny model."""

import struct
from collections.abc import Callable

FIRST_TENSOR = b"token_embd.weight"
HUGE = struct.pack("<Q", 1 << 60)


def behind(data: bytes, name: bytes) -> int:
    """Return where a key or a tensor of this name goes on."""
    entry = struct.pack("<Q", len(name)) + name
    assert data.count(entry) == 1
    return data.index(entry) + len(entry)


def patched(data: bytes, at: int, fresh: bytes) -> bytes:
    return data[:at] + fresh + data[at + len(fresh) :]


def tensor(data: bytes, field: int, fresh: bytes, name: bytes = FIRST_TENSOR) -> bytes:
    """Change a tensor of two dimensions: 0 how many they are, 4 the first, 12 the second, 20 its kind, 24 its place."""
    return patched(data, behind(data, name) + field, fresh)


def renamed(data: bytes, old: bytes, new: bytes) -> bytes:
    assert len(old) == len(new)
    return data.replace(old, new)


BAD: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "empty": (lambda _: b"", "The file is empty."),
    "html": (lambda _: b"<!DOCTYPE html><html>...", "This is a web page"),
    "a pointer": (lambda _: b"version https://git-lfs.github.com/spec/v1\n", "pointer to a model"),
    "wrong magic": (lambda _: b"PK\x03\x04" + bytes(100), r"This is not a GGUF file\."),
    "cut at once": (lambda good: good[:20], "cut off within its first bytes"),
    "cut in the keys": (lambda good: good[:3000], "header is damaged or cut off"),
    "cut in the tensors": (lambda good: good[: behind(good, b"output.weight") + 9], "ends in the middle of an entry"),
    "cut before the weights": (lambda good: good[: behind(good, b"blk.1.ffn_down.weight") + 32], "The file is cut off"),
    "cut in the weights": (lambda good: good[:-5000], r"The file is cut off: it has 430,\d\d\d of 435,\d\d\d bytes"),
    "version 1": (lambda good: patched(good, 4, b"\1\0\0\0"), "GGUF version 1 is not supported"),
    "version 99": (lambda good: patched(good, 4, b"\x63\0\0\0"), "GGUF version 99 is not supported"),
    "big-endian": (lambda good: patched(good, 4, b"\0\0\0\3"), "written for big-endian machines"),
    "tensor bomb": (lambda good: patched(good, 8, HUGE), "promises more entries than any model has"),
    "key bomb": (lambda good: patched(good, 16, struct.pack("<Q", 60_000)), "more entries than the file can hold"),
    "name bomb": (lambda good: patched(good, 24, HUGE), "promises a text longer than the file can hold"),
    "text bomb": (lambda good: patched(good, behind(good, b"general.name") + 4, HUGE), "a text longer than the file"),
    "list bomb": (
        lambda good: patched(good, behind(good, b"tokenizer.ggml.token_type") + 8, HUGE),
        r"tokenizer\.ggml\.token_type promises more than the file can hold",
    ),
    "list in a list": (
        lambda good: patched(good, behind(good, b"tokenizer.ggml.tokens") + 4, struct.pack("<I", 9)),
        "is a list of an unknown kind",
    ),
    "negative side": (lambda good: tensor(good, 4, struct.pack("<q", -64)), r"dimensions of tensor token_embd"),
    "overflowing sides": (
        lambda good: tensor(good, 4, struct.pack("<QQ", 1 << 40, 1 << 40)),
        "dimensions of tensor token_embd",
    ),
    "many dimensions": (lambda good: tensor(good, 0, struct.pack("<I", 900)), "has 900 dimensions"),
    "two keys": (
        lambda good: renamed(good, b"tokenizer.ggml.bos_token_id", b"tokenizer.ggml.eos_token_id"),
        r"two values for tokenizer\.ggml\.eos_token_id",
    ),
    "two tensors": (
        lambda good: renamed(good, b"blk.1.attn_k.weight", b"blk.1.attn_q.weight"),
        r"two tensors blk\.1\.attn_q",
    ),
    "odd place": (lambda good: tensor(good, 24, struct.pack("<Q", 3)), "begins at an odd place"),
    "overlap": (lambda good: tensor(good, 24, struct.pack("<Q", 32)), "overlaps or leaves a gap"),
    "unknown quantisation": (lambda good: tensor(good, 20, struct.pack("<I", 4)), "does not know \\(4\\)"),
    "no architecture": (
        lambda good: renamed(good, b"general.architecture", b"general.architectura"),
        "does not name its architecture",
    ),
    "no layers": (lambda good: renamed(good, b"llama.block_count", b"llama.black_count"), "how many layers"),
}
