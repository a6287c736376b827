"""Byte-level BPE, split as llama.cpp's `qwen2` does, and dialogues as the tokens that the model is trained on."""

import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from tokenizers import Regex, Tokenizer
from tokenizers.decoders import ByteLevel as ByteLevelDecoder
from tokenizers.models import BPE
from tokenizers.pre_tokenizers import ByteLevel, Split
from tokenizers.pre_tokenizers import Sequence as Steps
from tokenizers.trainers import BpeTrainer

CONTROL = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
# The regular expression behind the name `qwen2` in llama.cpp; digits stand alone.
QWEN2 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)


ROLES = ("user", "assistant")
SHOUTED = re.compile(r"[A-Z]{2,}")


def learn(texts: Iterable[str], *, size: int) -> Tokenizer:
    """Return a tokenizer whose vocabulary has `size` entries, the control tokens' places at its end left free.

    Roles are one token. Capitals in a row stay letters: so "write this in upper case" is spelling, letter by letter.
    """
    tokenizer = Tokenizer(BPE())
    tokenizer.pre_tokenizer = Steps(
        [Split(Regex(QWEN2), behavior="isolated"), ByteLevel(add_prefix_space=False, use_regex=False)]
    )
    tokenizer.decoder = ByteLevelDecoder()
    trainer = BpeTrainer(
        vocab_size=size - len(CONTROL), initial_alphabet=sorted(ByteLevel.alphabet()), show_progress=False
    )
    calm = (part for text in texts for part in (*ROLES, SHOUTED.sub(" ", text)))
    tokenizer.train_from_iterator(calm, trainer)
    return tokenizer


class Coder:
    """Writes texts and dialogues as tokens. Control tokens exist in dialogues alone: typed ones are plain text."""

    def __init__(self, tokenizer: Tokenizer, *, dropout: float = 0.0) -> None:
        """`dropout` is the chance that a merge of a question is left out, so that words are known by their parts."""
        self.tokenizer = tokenizer
        self.words: int = tokenizer.get_vocab_size()
        self.size = self.words + len(CONTROL)
        self.end_of_text, self.start, self.end = range(self.words, self.size)
        self.loose = Tokenizer.from_str(tokenizer.to_str())
        self.loose.model.dropout = dropout or None
        self.newline = self.tokens("\n")
        self.roles = {role: [self.start, *self.tokens(f"{role}\n")] for role in ROLES}

    @classmethod
    def load(cls, path: Path, *, dropout: float = 0.0) -> "Coder":
        """Read a tokenizer that was saved as JSON."""
        return cls(Tokenizer.from_file(str(path)), dropout=dropout)

    def tokens(self, text: str) -> list[int]:
        """Return a text's tokens."""
        ids: list[int] = self.tokenizer.encode(text).ids
        return ids

    def merges(self) -> list[str]:
        """Return the merges in their order, as GGUF spells them: two parts with a blank between."""
        merges: list[list[str] | str] = json.loads(self.tokenizer.to_str())["model"]["merges"]
        return [merge if isinstance(merge, str) else " ".join(merge) for merge in merges]

    def text(self, ids: Sequence[int]) -> str:
        """Return the text of tokens, control tokens left out."""
        text: str = self.tokenizer.decode([token for token in ids if token < self.words])
        return text

    def prompt(self, turns: Sequence[tuple[str, str]], question: str) -> list[int]:
        """Return what the model reads before it answers `question`; `turns` are those before it."""
        ids = [token for asked, answer in turns for token in (*self._question(asked), *self._answer(answer))]
        return [*ids, *self._question(question)]

    def example(self, turns: Sequence[tuple[str, str]]) -> tuple[list[int], list[bool]]:
        """Return a dialogue's tokens, and for each whether the model is to say it: answers and their end."""
        ids: list[int] = []
        said: list[bool] = []
        for question, answer in turns:
            asked, answered = self._question(question, loose=True), self._answer(answer)
            ids += [*asked, *answered]
            said += [False] * len(asked) + [True] * (len(answered) - len(self.newline)) + [False] * len(self.newline)
        return ids, said

    def _question(self, text: str, *, loose: bool = False) -> list[int]:
        ids = self.loose.encode(text).ids if loose else self.tokens(text)
        return [*self.roles["user"], *ids, self.end, *self.newline, *self.roles["assistant"]]

    def _answer(self, text: str) -> list[int]:
        return [*self.tokens(text), self.end, *self.newline]
