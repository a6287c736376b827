"""A thousand texts that are hard to split, the same everywhere: the engine and the training must split them alike."""

import hashlib
from collections.abc import Iterable, Sequence
from itertools import chain
from random import Random

from tools.builtin_model.evaluation.questions import FOLLOW_UPS, IDENTITY, PRODUCT, UNKNOWN

TEXTS = 1000
CONTROL = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
ALPHABETS = (
    "abcdefghijklmnopqrstuvwxyz ABCDEFGHIJ .,;:!?'\"-_()[]{}<>|/\\@#$%^&*+=~`",
    "0123456789 .,-+*/=%€$£",
    "äöüßéèêçñøåžłığ ÄÖÜÉ",
    "日本語中文字符漢字かなカナ한국어。、「」",
    "Привет мир Ελληνικά שלום مرحبا नमस्ते ไทย",
    "😀🎉👩\u200d👩\u200d👧\u200d👦🇩🇪👍🏽❤\ufe0f🔥🧑\u200d💻✅",
    " \t\n\r\u00a0\u2003\u200b\u3000",
    "\x00\x01\x1b\x7f\u0300\u0301\ufeff\ufffd",
)


def texts() -> list[str]:
    """Return people's questions, runs of letters of many scripts, emoji, blanks, and control tokens typed as text."""
    random = Random(1)
    asked = chain(*IDENTITY.values(), *PRODUCT.values(), UNKNOWN, (turn[1] for turn in FOLLOW_UPS))
    found = list(asked)
    while len(found) < TEXTS:
        found.append("".join(random.choices(random.choice(ALPHABETS), k=random.randint(1, 40))))
        parts = [random.choice((*ALPHABETS, *CONTROL)) for _ in range(random.randint(1, 6))]
        found.append("".join(part if part in CONTROL else "".join(random.choices(part, k=5)) for part in parts))
    return found[:TEXTS]


def digest(tokens: Iterable[Sequence[int]]) -> str:
    """Return a hash in hex over the tokens of all texts, in their order."""
    lines = "\n".join(" ".join(map(str, ids)) for ids in tokens)
    return hashlib.sha256(lines.encode()).hexdigest()
