"""Text to tokens and back, through llama.cpp's own vocabulary."""

import ctypes
from typing import Any

import llama_cpp


class Vocabulary:
    """One model's tokens. Pieces are cached: they are asked for once per token said."""

    def __init__(self, model: Any) -> None:
        self.vocab = llama_cpp.llama_model_get_vocab(model)
        self.size = int(llama_cpp.llama_vocab_n_tokens(self.vocab))
        self.adds_bos = bool(llama_cpp.llama_vocab_get_add_bos(self.vocab))
        self.bos_token = llama_cpp.llama_vocab_bos(self.vocab)
        self.bos = self.name(self.bos_token)
        self.eos = self.name(llama_cpp.llama_vocab_eos(self.vocab))
        self._pieces: dict[int, bytes] = {}
        self._ends: dict[int, bool] = {}

    def name(self, token: int) -> str:
        """Return a special token's text, or nothing when the model has none."""
        if token < 0:
            return ""
        text: bytes = llama_cpp.llama_vocab_get_text(self.vocab, token) or b""
        return text.decode(errors="replace")

    def tokens(self, text: str, *, special: bool) -> list[int]:
        """Return the tokens of a text; `special` reads control tokens in it, which only templates may."""
        data = text.encode("utf-8", errors="replace")
        room = len(data) + 16
        buffer = (llama_cpp.llama_token * room)()
        count = llama_cpp.llama_tokenize(self.vocab, data, len(data), buffer, room, False, special)
        if count < 0:
            raise ValueError("the text has more tokens than bytes")
        return list(buffer[:count])

    def marked(self, text: str) -> list[int]:
        """Return a text's tokens between the marks that this model expects around a whole text."""
        data = text.encode("utf-8", errors="replace")
        room = len(data) + 16
        buffer = (llama_cpp.llama_token * room)()
        count = llama_cpp.llama_tokenize(self.vocab, data, len(data), buffer, room, True, False)
        return list(buffer[: max(count, 0)])

    def piece(self, token: int) -> bytes:
        """Return the bytes a token stands for; nothing for control tokens."""
        known = self._pieces.get(token)
        if known is None:
            known = self._pieces[token] = self._piece(token)
        return known

    def _piece(self, token: int) -> bytes:
        buffer = ctypes.create_string_buffer(256)
        size = llama_cpp.llama_token_to_piece(self.vocab, token, buffer, 256, 0, False)
        if size < 0:
            buffer = ctypes.create_string_buffer(-size)
            size = llama_cpp.llama_token_to_piece(self.vocab, token, buffer, -size, 0, False)
        return buffer.raw[:size]

    def ends(self, token: int) -> bool:
        """Whether this token ends an answer."""
        known = self._ends.get(token)
        if known is None:
            known = self._ends[token] = bool(llama_cpp.llama_vocab_is_eog(self.vocab, token))
        return known
