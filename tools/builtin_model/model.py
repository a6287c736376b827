"""The llama architecture in plain PyTorch, in the layout that GGUF expects: exported as it is, nothing permuted."""

from dataclasses import dataclass
from typing import Any

import torch
from torch import nn
from torch.nn import functional


@dataclass(frozen=True, slots=True)
class Shape:
    """How large a model is. `context` is in tokens."""

    vocabulary: int = 1536
    width: int = 256
    layers: int = 4
    heads: int = 8
    kv_heads: int = 4
    feed_forward: int = 640
    context: int = 1024
    rope_base: float = 10_000.0
    epsilon: float = 1e-5

    @property
    def head(self) -> int:
        """Numbers per head."""
        return self.width // self.heads


def rotations(shape: Shape, length: int) -> tuple[Any, Any]:
    """Return cosines and sines of (length, head / 2): pair n of a head turns by position x base^(-2n/head)."""
    speeds = shape.rope_base ** (-torch.arange(0, shape.head, 2).float() / shape.head)
    angles = torch.outer(torch.arange(length).float(), speeds)
    return angles.cos(), angles.sin()


def rotate(x: Any, cos: Any, sin: Any) -> Any:
    """Turn neighbouring pairs of numbers; x is (batch, heads, length, head). llama.cpp calls this layout `norm`."""
    even, odd = x[..., 0::2], x[..., 1::2]
    return torch.stack((even * cos - odd * sin, even * sin + odd * cos), dim=-1).flatten(-2)


class Block(nn.Module):  # type: ignore[misc]
    """Attention with shared keys and values, then a gated feed-forward part, each behind a norm."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        kv_width = shape.kv_heads * shape.head
        self.attn_norm = nn.RMSNorm(shape.width, eps=shape.epsilon)
        self.attn_q = nn.Linear(shape.width, shape.width, bias=False)
        self.attn_k = nn.Linear(shape.width, kv_width, bias=False)
        self.attn_v = nn.Linear(shape.width, kv_width, bias=False)
        self.attn_output = nn.Linear(shape.width, shape.width, bias=False)
        self.ffn_norm = nn.RMSNorm(shape.width, eps=shape.epsilon)
        self.ffn_gate = nn.Linear(shape.width, shape.feed_forward, bias=False)
        self.ffn_up = nn.Linear(shape.width, shape.feed_forward, bias=False)
        self.ffn_down = nn.Linear(shape.feed_forward, shape.width, bias=False)

    def forward(self, x: Any, turn: tuple[Any, Any], mask: Any) -> Any:
        """Return x of (batch, length, width) after this layer."""
        x = x + self.attn_output(self._attend(self.attn_norm(x), turn, mask))
        y = self.ffn_norm(x)
        return x + self.ffn_down(functional.silu(self.ffn_gate(y)) * self.ffn_up(y))

    def _attend(self, x: Any, turn: tuple[Any, Any], mask: Any) -> Any:
        batch, length, width = x.shape
        shape, times = self.shape, self.shape.heads // self.shape.kv_heads
        q = self.attn_q(x).view(batch, length, shape.heads, shape.head).transpose(1, 2)
        k = self.attn_k(x).view(batch, length, shape.kv_heads, shape.head).transpose(1, 2)
        v = self.attn_v(x).view(batch, length, shape.kv_heads, shape.head).transpose(1, 2)
        q, k = rotate(q, *turn), rotate(k, *turn)
        k, v = k.repeat_interleave(times, dim=1), v.repeat_interleave(times, dim=1)
        y = functional.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        return y.transpose(1, 2).reshape(batch, length, width)


class Model(nn.Module):  # type: ignore[misc]
    """Tokens in, logits out; the table of tokens serves both ends."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.token_embd = nn.Embedding(shape.vocabulary, shape.width)
        self.blk = nn.ModuleList([Block(shape) for _ in range(shape.layers)])
        self.output_norm = nn.RMSNorm(shape.width, eps=shape.epsilon)
        cos, sin = rotations(shape, shape.context)
        self.register_buffer("cos", cos, persistent=False)
        self.register_buffer("sin", sin, persistent=False)
        self._start()

    def _start(self) -> None:
        nn.init.normal_(self.token_embd.weight, std=0.02)
        for name, parameter in self.named_parameters():
            if parameter.ndim == 2 and "token_embd" not in name:
                deep = 1 / (2 * self.shape.layers) ** 0.5 if name.endswith(("output.weight", "down.weight")) else 1.0
                nn.init.normal_(parameter, std=deep * parameter.shape[1] ** -0.5)

    def forward(self, tokens: Any, mask: Any, places: Any = None) -> Any:
        """Return logits of (batch, length, vocabulary), or of (places, vocabulary) at the flat `places` alone.

        `mask` of (batch, 1, length, length): who may see whom.
        """
        length = tokens.shape[1]
        x = self.token_embd(tokens)
        for block in self.blk:
            x = block(x, (self.cos[:length], self.sin[:length]), mask)
        if places is not None:
            x = x.flatten(0, 1)[places]
        return functional.linear(self.output_norm(x), self.token_embd.weight)


def mask_of(owner: Any) -> Any:
    """Return who may see whom: earlier tokens of the same dialogue. `owner` is (batch, length)."""
    length = owner.shape[1]
    earlier = torch.ones(length, length, dtype=torch.bool, device=owner.device).tril()
    return ((owner[:, :, None] == owner[:, None, :]) & earlier)[:, None]


def greedy(model: Model, prompt: list[int], *, end: int, most: int) -> list[int]:
    """Return the likeliest answer, token by token, without its end."""
    ids = list(prompt)
    device = model.token_embd.weight.device
    with torch.inference_mode():
        for _ in range(min(most, model.shape.context - len(prompt))):
            tokens = torch.tensor([ids], device=device)
            token = int(model(tokens, mask_of(torch.ones_like(tokens)))[0, -1].argmax())
            if token == end:
                break
            ids.append(token)
    return ids[len(prompt) :]
