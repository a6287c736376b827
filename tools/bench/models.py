"""Writes a GGUF for benchmarks: the shapes of a 0.5B Q4_0 model, random weights; nothing is downloaded."""

from pathlib import Path

import gguf
import numpy as np

VOCABULARY, WIDTH, LAYERS, HEADS, KV_HEADS, FEED_FORWARD = 151_936, 896, 24, 14, 2, 4864  # Qwen2 0.5B
CHATML = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
CONTROL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]


def half_billion(path: Path) -> Path:
    """Write the model where it is missing: about 350 MB."""
    if path.exists():
        return path
    random = np.random.default_rng(0)
    fresh = path.with_suffix(".new")
    writer = gguf.GGUFWriter(fresh, "qwen2")
    _describe(writer)

    def q4(name: str, rows: int, columns: int) -> None:
        blocks = random.integers(0, 256, (rows, columns // 32, 18), np.uint8)
        blocks[:, :, :2] = np.frombuffer(np.float16(0.004).tobytes(), np.uint8)
        writer.add_tensor(name, blocks.reshape(rows, -1), raw_dtype=gguf.GGMLQuantizationType.Q4_0)

    def plain(name: str, size: int, value: float) -> None:
        writer.add_tensor(name, np.full(size, value, np.float32))

    table = random.integers(-127, 128, (VOCABULARY, WIDTH // 32, 34), np.int16).astype(np.int8).view(np.uint8)
    table[:, :, :2] = np.frombuffer(np.float16(0.0005).tobytes(), np.uint8)
    writer.add_tensor("token_embd.weight", table.reshape(VOCABULARY, -1), raw_dtype=gguf.GGMLQuantizationType.Q8_0)
    plain("output_norm.weight", WIDTH, 1)
    head = WIDTH // HEADS
    for layer in range(LAYERS):
        name = f"blk.{layer}."
        for norm in ("attn_norm", "ffn_norm"):
            plain(f"{name}{norm}.weight", WIDTH, 1)
        for part, size in (("q", WIDTH), ("k", KV_HEADS * head), ("v", KV_HEADS * head)):
            q4(f"{name}attn_{part}.weight", size, WIDTH)
            plain(f"{name}attn_{part}.bias", size, 0)
        q4(f"{name}attn_output.weight", WIDTH, WIDTH)
        q4(f"{name}ffn_gate.weight", FEED_FORWARD, WIDTH)
        q4(f"{name}ffn_up.weight", FEED_FORWARD, WIDTH)
        q4(f"{name}ffn_down.weight", WIDTH, FEED_FORWARD)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    fresh.rename(path)
    return path


def _describe(writer: gguf.GGUFWriter) -> None:
    writer.add_name("Half a billion random weights")
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_Q4_0)
    writer.add_context_length(32_768)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(FEED_FORWARD)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KV_HEADS)
    writer.add_rope_freq_base(1_000_000.0)
    writer.add_layer_norm_rms_eps(1e-6)
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    spare = iter(range(256, 512))
    spelling = [chr(byte) if byte in plain else chr(next(spare)) for byte in range(256)]
    words = [f"w{n}" for n in range(VOCABULARY - len(spelling) - len(CONTROL) - 1)]
    tokens = [*spelling, spelling[1] + spelling[2], *words, *CONTROL]
    kinds = [gguf.TokenType.NORMAL] * (len(tokens) - len(CONTROL)) + [gguf.TokenType.CONTROL] * len(CONTROL)
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list(tokens)
    writer.add_token_types(kinds)
    writer.add_token_merges([f"{spelling[1]} {spelling[2]}"])
    writer.add_bos_token_id(tokens.index("<|endoftext|>"))
    writer.add_eos_token_id(tokens.index("<|im_end|>"))
    writer.add_add_bos_token(False)
    writer.add_chat_template(CHATML)
