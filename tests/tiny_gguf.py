"""Writes a real, tiny GGUF with random weights: it says nothing sensible, but every part of the engine is at work."""

from collections.abc import Callable
from pathlib import Path

import gguf
import numpy as np

CHATML = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
CONTROL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]


def _bytes_as_text() -> list[str]:
    """Return the 256 characters with which byte-level BPE spells bytes."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    spare = iter(range(256, 512))
    return [chr(byte) if byte in plain else chr(next(spare)) for byte in range(256)]


def write_tiny_gguf(
    path: Path,
    *,
    seed: int = 0,
    context: int = 2048,
    width: int = 64,
    layers: int = 2,
    template: str = CHATML,
    name: str = "Tiny",
    demo: bool = False,
    heads: int = 4,
    kv_heads: int = 2,
    words: int = 0,
    split: int = 0,
    add: Callable[[gguf.GGUFWriter], None] | None = None,
) -> Path:
    """Write a llama-architecture model with a byte vocabulary; the same seed gives the same file.

    `words` lengthens the vocabulary, `split` is the most tensors in one part, `add` has further keys written. Return
    the file, or the first part.
    """
    random = np.random.default_rng(seed)
    spelling = _bytes_as_text()
    merges = [f"{spelling[1]} {spelling[2]}"]  # one is needed; nobody says it, so every text has one spelling
    tokens = [*spelling, *(merge.replace(" ", "") for merge in merges)]
    tokens += [*(f"Ġw{n}Ġ" for n in range(words)), *CONTROL]
    ff, head = 2 * width, width // heads

    writer = gguf.GGUFWriter(path, "llama", split_max_tensors=split)
    writer.add_name(name)
    if demo:
        writer.add_bool("hearth.demo", True)
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    writer.add_context_length(context)
    writer.add_embedding_length(width)
    writer.add_block_count(layers)
    writer.add_feed_forward_length(ff)
    writer.add_head_count(heads)
    writer.add_head_count_kv(kv_heads)
    writer.add_rope_dimension_count(head)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list(tokens)
    kinds = [gguf.TokenType.NORMAL] * (len(tokens) - len(CONTROL)) + [gguf.TokenType.CONTROL] * len(CONTROL)
    writer.add_token_types(kinds)
    writer.add_token_merges(merges)
    writer.add_bos_token_id(tokens.index("<|endoftext|>"))
    writer.add_eos_token_id(tokens.index("<|im_end|>"))
    writer.add_add_bos_token(False)
    writer.add_chat_template(template)
    if add:
        add(writer)

    def matrix(name: str, rows: int, columns: int, scale: float = 0.3) -> None:
        writer.add_tensor(name, (random.standard_normal((rows, columns)) * scale).astype(np.float32))

    matrix("token_embd.weight", len(tokens), width, 1.0)
    writer.add_tensor("output_norm.weight", np.ones(width, np.float32))
    output = random.standard_normal((len(tokens), width)).astype(np.float32)
    # It says printable characters only and rarely ends by itself, so that tests choose the length.
    output[[n for n in range(len(tokens)) if not 32 <= n < 127]] *= 0.05
    writer.add_tensor("output.weight", output)
    for layer in range(layers):
        name = f"blk.{layer}."
        writer.add_tensor(f"{name}attn_norm.weight", np.ones(width, np.float32))
        writer.add_tensor(f"{name}ffn_norm.weight", np.ones(width, np.float32))
        matrix(f"{name}attn_q.weight", width, width)
        matrix(f"{name}attn_k.weight", kv_heads * head, width)
        matrix(f"{name}attn_v.weight", kv_heads * head, width)
        matrix(f"{name}attn_output.weight", width, width)
        matrix(f"{name}ffn_gate.weight", ff, width)
        matrix(f"{name}ffn_up.weight", ff, width)
        matrix(f"{name}ffn_down.weight", width, ff)
    _write(writer)
    return next(iter(sorted(path.parent.glob(f"{path.stem}-00001-of-*.gguf")))) if split else path


def write_tiny_lora(
    path: Path,
    *,
    seed: int = 1,
    width: int = 64,
    layers: int = 2,
    rank: int = 4,
    alpha: float = 8.0,
    architecture: str = "llama",
    kind: str = "lora",
    strength: float = 0.5,
    change: Callable[[dict[str, np.ndarray]], None] | None = None,
) -> Path:
    """Write a LoRA adapter for the tiny model's questions and answers; `change` alters its tensors beforehand."""
    random = np.random.default_rng(seed)
    writer = gguf.GGUFWriter(path, architecture)
    writer.add_type("adapter")
    writer.add_string("adapter.type", kind)
    writer.add_float32("adapter.lora.alpha", alpha)
    tensors = {}
    for layer in range(layers):
        for name in ("attn_q", "attn_output"):
            for half, sides in ((".lora_a", (rank, width)), (".lora_b", (width, rank))):
                values = (random.standard_normal(sides) * strength).astype(np.float32)
                tensors[f"blk.{layer}.{name}.weight{half}"] = values
    if change:
        change(tensors)
    for name, values in tensors.items():
        writer.add_tensor(name, values)
    _write(writer)
    return path


def _write(writer: gguf.GGUFWriter) -> None:
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
