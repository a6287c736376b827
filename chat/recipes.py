"""How an answer was made: everything that decides its words beside the chat itself, kept once for all alike.

A recipe names no person and holds nothing of a chat. Answers of one deployment with one setting share a row.
"""

import difflib
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chat.models import Generation, Recipe
from models_admin.engine.protocol import Ready, Sampling
from models_admin.specs import WORDS as OF_DEPLOYMENT

OF_ENGINE = ("sha256", "architecture", "quantisation", "template", "engine", "context", "slots")
LABELS = {
    "model": gettext_lazy("Model"),
    "file": gettext_lazy("File"),
    "sha256": gettext_lazy("SHA-256 of the file"),
    "architecture": gettext_lazy("Architecture"),
    "quantisation": gettext_lazy("Quantisation"),
    "adapters": gettext_lazy("LoRA adapters"),
    "template": gettext_lazy("SHA-256 of the chat template"),
    "engine": gettext_lazy("Engine"),
    "context": gettext_lazy("Context, in tokens"),
    "slots": gettext_lazy("Answers at once"),
    "kv_type": gettext_lazy("Cache"),
    "flash_attention": gettext_lazy("Flash attention"),
    "gpu_layers": gettext_lazy("Layers on GPUs"),
    "endpoint": gettext_lazy("Server"),
    "remote_model": gettext_lazy("Model at the server"),
    "system": gettext_lazy("The organisation's words before the chat"),
    "project": gettext_lazy("SHA-256 of the project's instructions"),
}
# What is not sent to servers elsewhere.
OURS_ALONE = (*OF_DEPLOYMENT, "slots", "top_k", "min_p", "repeat_penalty")
SETTINGS = {
    "temperature": gettext_lazy("Temperature"),
    "top_k": gettext_lazy("Top k"),
    "top_p": gettext_lazy("Top p"),
    "min_p": gettext_lazy("Min p"),
    "repeat_penalty": gettext_lazy("Repeat penalty"),
    "max_tokens": gettext_lazy("Most tokens"),
}
WORDS = re.compile(r"\s*\S+|\s+")


def sampling_of(generation: Generation) -> Sampling:
    """Return how the words of an answer are chosen: as asked for, else as the deployment says."""
    deployment, asked = generation.deployment, generation.parameters
    values = {name: asked.get(name, getattr(deployment, name)) for name in SETTINGS}
    values["max_tokens"] *= generation.rounds
    return Sampling(**values, seed=generation.seed)


def system_of(generation: Generation) -> str:
    """Return the words before the chat: the organisation's, then those of its project."""
    return "\n\n".join(filter(None, (_house_words(generation), instructions_of(generation))))


def _house_words(generation: Generation) -> str:
    """Return the organisation's words; what repeats an answer gets those that it had."""
    if generation.repeats:
        here = Generation.objects.within(generation.message.conversation)
        first = here.filter(pk=generation.repeats).select_related("recipe").first()
        if first and first.recipe:
            return str(first.recipe.facts["system"])
    return generation.deployment.system_prompt


def instructions_of(generation: Generation) -> str:
    """Return the words of the chat's project as they are now, whatever an answer is to repeat.

    They are a person's, and may be gone: a recipe, which stays, has their hash alone.
    """
    chat = generation.message.conversation
    project = chat.project
    if project is None or project.deleted_at is not None or project.team_id != chat.team_id:
        return ""
    return project.instructions if project.shared or project.owner_id == chat.owner_id else ""


def facts_of(generation: Generation, ready: Ready, loaded: Mapping[str, Any]) -> dict[str, Any]:
    """Return everything but the seed and the chat that decides what this answer will be.

    `loaded` are the settings with which the engine was started: the deployment may have others by now.
    """
    deployment = generation.deployment
    worn = loaded.get("adapters", ())
    return {
        "model": deployment.name,
        "file": Path(deployment.path).name,
        "endpoint": str(deployment.endpoint or ""),
        "remote_model": ready.name if deployment.endpoint else "",
        "adapters": [[*one, sha256] for one, sha256 in zip(worn, ready.adapters, strict=False)],
        "system": _house_words(generation),
        **_project_facts(instructions_of(generation)),
        "sampling": {name: value for name, value in asdict(sampling_of(generation)).items() if name in SETTINGS},
        **{name: getattr(ready, name) for name in OF_ENGINE},
        **{name: loaded.get(name) for name in OF_DEPLOYMENT},
    }


def _project_facts(words: str) -> dict[str, str]:
    return {"project": hashlib.sha256(words.encode()).hexdigest()} if words else {}


def keep(facts: Mapping[str, Any]) -> Recipe:
    """Return the row of these facts, made on first use."""
    text = json.dumps(facts, sort_keys=True, ensure_ascii=False)
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Recipe.objects.get_or_create(digest=digest, defaults={"facts": json.loads(text)})[0]


@dataclass(frozen=True, slots=True)
class Fact:
    """A line about an answer. `long` is a hash."""

    label: str
    value: str
    long: bool = False


def lines_of(recipe: Recipe) -> list[Fact]:
    """Return what a person is told of a recipe. The organisation's own words stay its own: their hash is shown."""
    facts = recipe.facts
    values = {name: _said(name, facts.get(name)) for name in LABELS}
    away = OURS_ALONE if facts.get("endpoint") else ()
    told = ((name, value) for name, value in values.items() if value and name not in away)
    lines = [Fact(str(LABELS[name]), value, name in ("sha256", "template", "project")) for name, value in told]
    return lines + [Fact(str(SETTINGS[name]), f"{facts['sampling'][name]:g}") for name in SETTINGS if name not in away]


def _said(name: str, value: Any) -> str:
    if name == "adapters":
        return "; ".join(
            _("%(file)s at %(scale)s (%(hash)s…)") % {"file": one, "scale": f"{scale:g}", "hash": sha256[:12]}
            for one, scale, sha256 in value or ()
        )
    if name == "system":
        if not value:
            return _("none")
        said = {"n": len(value), "hash": hashlib.sha256(value.encode()).hexdigest()[:12]}
        return _("%(n)s characters (%(hash)s…)") % said
    if name == "flash_attention":
        return {True: _("on"), False: _("off"), None: _("as the engine decides")}[value]
    if name == "gpu_layers" and value is not None:
        return _("all") if value < 0 else str(value)
    return "" if value is None else str(value)


def changed(before: Recipe, after: Recipe) -> list[str]:
    """Return what is no longer as it was, in words."""
    names = [*LABELS, *SETTINGS]
    old, new = ({**recipe.facts, **recipe.facts["sampling"]} for recipe in (before, after))
    return [str((LABELS | SETTINGS)[name]) for name in names if old.get(name) != new.get(name)]


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words of two texts: `kind` is same, gone (only in the first) or new (only in the second)."""

    kind: str
    text: str


def difference(first: str, second: str) -> list[Piece]:
    """Return how a text became another, word by word; the shared beginning is found first, as it is mostly long."""
    a, b = WORDS.findall(first), WORDS.findall(second)
    shared = next((n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    head = [Piece("same", "".join(a[:shared]))] if shared else []
    return head + list(_compared(a[shared:], b[shared:]))


MOST_COMPARED = 400  # words; comparing more takes too long, and says nothing any more


def _compared(a: list[str], b: list[str]) -> Iterator[Piece]:
    if max(len(a), len(b)) > MOST_COMPARED:
        yield from (Piece(kind, "".join(words)) for kind, words in (("gone", a), ("new", b)) if words)
        return
    for tag, i, j, k, m in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Piece("same", "".join(a[i:j]))
            continue
        yield from (Piece(kind, "".join(words)) for kind, words in (("gone", a[i:j]), ("new", b[k:m])) if words)
