"""`python -m tools.builtin_model.train RUN_FOLDER`: trains the built-in model; a run that was cut off goes on."""

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import torch
from torch.nn import functional

from tools.builtin_model.dialogues import dialogues
from tools.builtin_model.model import Model, Shape, mask_of
from tools.builtin_model.muon import Muon
from tools.builtin_model.packing import Batch, Example, batches
from tools.builtin_model.schedule import Plan, flags
from tools.builtin_model.tokenizer import Coder, learn
from tools.builtin_model.unseen import gives_away
from tools.builtin_model.watching import Watch

SAMPLE = 60_000  # dialogues from which the tokenizer learns
SAVE_EVERY = 120.0  # seconds
SAY_EVERY = 20.0
CLIP = 1.0
BRIEF = 10  # tokens of an answer that is cut short
EPOCH = 1_000_000  # seeds between a run's beginning and its going on

Turns = tuple[tuple[str, str], ...]


def shape_of(plan: Plan) -> Shape:
    """Return the model's shape: heads of 32 numbers, two queries per key."""
    return Shape(
        vocabulary=plan.vocabulary,
        width=plan.width,
        layers=plan.layers,
        heads=plan.width // 32,
        kv_heads=max(1, plan.width // 64),
        feed_forward=plan.feed_forward,
    )


def coder_of(folder: Path, plan: Plan) -> Coder:
    """Return the run's tokenizer, learnt from the generator's own texts where there is none yet."""
    path = folder / "tokenizer.json"
    if not path.exists():
        sample = islice(dialogues(plan.seed), SAMPLE)
        texts = (text for dialogue in sample for turn in dialogue.turns for text in turn)
        learn(texts, size=plan.vocabulary).save(str(path))
    return Coder.load(path, dropout=plan.dropout)


def practice(seed: int) -> Iterator[Turns]:
    """Yield exercises of the skills, each without what was talked of before."""
    for dialogue in dialogues(seed):
        if dialogue.kind.startswith("skill.") and not gives_away(dialogue.turns[-1:]):
            yield dialogue.turns[-1:]


def brief(example: Example) -> Example:
    """Return a dialogue whose last answer breaks off after its beginning: more questions in as many tokens."""
    ids, said = example
    first = max(place for place, now in enumerate(said) if now and not said[place - 1])
    return ids[: first + BRIEF], said[: first + BRIEF]


class Trainer:
    """A model at its exercise."""

    def __init__(self, folder: Path, plan: Plan) -> None:
        self.folder, self.plan = folder, plan
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.coder = coder_of(folder, plan)
        torch.manual_seed(plan.seed)
        self.model = Model(shape_of(plan)).to(self.device)
        named = dict(self.model.named_parameters())
        matrices = [p for name, p in named.items() if p.ndim == 2 and "token_embd" not in name]
        others = [p for name, p in named.items() if p.ndim != 2 or "token_embd" in name]
        self.optimizers = [
            Muon(matrices, lr=plan.matrix_rate),
            torch.optim.AdamW(others, lr=plan.other_rate, betas=(0.9, 0.95), weight_decay=0.0, fused=True),
        ]
        self.done = 0
        self.loss = torch.compile(self._loss)
        self.watch = Watch(self.coder, rows=plan.rows, length=plan.length)

    def run(self) -> None:
        """Train to the plan's end."""
        self._load()
        feed = batches(self._examples(), rows=self.plan.rows, length=self.plan.length)
        began, first, saved, said = time.process_time(), self.done, time.monotonic(), 0.0
        while self.done < self.plan.tokens:
            loss = self._step(next(feed))
            if time.monotonic() - said > SAY_EVERY:
                said = time.monotonic()
                speed = (self.done - first) / max(1e-9, time.process_time() - began) * torch.get_num_threads()
                say(f"{self.done / 1e6:6.2f} M tokens  loss {loss.item():.3f}  {speed:,.0f} tokens/s")
            if time.monotonic() - saved > SAVE_EVERY:
                saved = time.monotonic()
                self._save()
                say("         " + self.watch.report(self._right))
        self._save()
        say("  at last " + self.watch.report(self._right))

    def _examples(self) -> Iterator[Example]:
        """Yield dialogues as tokens, with exercises between; a run that goes on hears new ones."""
        seed = self.plan.seed * EPOCH + self.done
        random, exercises = Random(seed), practice(seed + 1)
        for dialogue in dialogues(seed):
            if not gives_away(dialogue.turns):
                example = self.coder.example(dialogue.turns)
                yield brief(example) if self.plan.is_brief(self.done, random.random()) else example
            if random.random() < self.plan.practice:
                yield self.coder.example(next(exercises))

    def _step(self, batch: Batch) -> Any:
        rate = self.plan.rate(self.done)
        for optimizer, full in zip(self.optimizers, (self.plan.matrix_rate, self.plan.other_rate), strict=True):
            for group in optimizer.param_groups:
                group["lr"] = rate * full
        loss = self.loss(*self._on_device(batch))
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.token_embd.parameters(), CLIP)
        for optimizer in self.optimizers:
            optimizer.step()
            optimizer.zero_grad()
        self.done += self.plan.step
        return loss.detach()

    def _on_device(self, batch: Batch) -> list[Any]:
        arrays = (batch.tokens, batch.owner, batch.places, batch.following)
        counts = torch.arange(len(batch.places)) < batch.said
        return [*(torch.from_numpy(array).to(self.device) for array in arrays), counts.to(self.device)]

    def _loss(self, tokens: Any, owner: Any, places: Any, following: Any, counts: Any) -> Any:
        """Return the mean loss over what the model is to say."""
        logits = self.model(tokens, mask_of(owner), places)
        losses = functional.cross_entropy(logits, following, reduction="none")
        return (losses * counts).sum() / counts.sum()

    def _right(self, batch: Batch) -> Any:
        """Return for each of the batch's places whether the likeliest token is the one that follows."""
        tokens, owner, places, following, _ = self._on_device(batch)
        with torch.inference_mode():
            return (self.model(tokens, mask_of(owner), places).argmax(-1) == following).cpu().numpy()

    def _save(self) -> None:
        """Write a checkpoint; a half-written one never takes the old one's place."""
        state = {
            "plan": self.plan.as_dict(),
            "done": self.done,
            "model": self.model.state_dict(),
            "optimizers": [optimizer.state_dict() for optimizer in self.optimizers],
        }
        fresh = self.folder / "checkpoint.new"
        torch.save(state, fresh)
        os.replace(fresh, self.folder / "checkpoint.pt")

    def _load(self) -> None:
        path = self.folder / "checkpoint.pt"
        if not path.exists():
            return
        state = torch.load(path, map_location=self.device)
        self.model.load_state_dict(state["model"])
        for optimizer, known in zip(self.optimizers, state["optimizers"], strict=True):
            optimizer.load_state_dict(known)
        self.done = state["done"]
        say(f"Going on after {self.done / 1e6:.2f} M tokens.")


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main() -> None:
    """Read the command line and train."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--threads", type=int, default=0, help="0: as many as there are cores")
    for name, kind in flags().items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=kind, default=getattr(Plan(), name))
    given = vars(parser.parse_args())
    folder, threads = given.pop("folder"), given.pop("threads")
    torch.set_num_threads(threads or len(os.sched_getaffinity(0)))
    plan = Plan(**given)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "plan.json").write_text(json.dumps(plan.as_dict(), indent=1) + "\n")
    Trainer(folder, plan).run()


if __name__ == "__main__":
    main()
