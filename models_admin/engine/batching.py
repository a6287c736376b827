"""Many answers at once over one model: every step decodes a token of each and a chunk of somebody's prompt."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import llama_cpp

from models_admin.engine import bindings
from models_admin.engine.header import BadModel, check_memory, read_header, sha256_of
from models_admin.engine.prompt import TooLong, Writer
from models_admin.engine.protocol import Ended, EndReason, EngineSpec, Event, Piece, Ready, Request, Started
from models_admin.engine.sampler import chain_of
from models_admin.engine.slots import Slot, choose, common_prefix, share_out
from models_admin.engine.template import BadTemplate, ChatTemplate
from models_admin.engine.text import Words
from models_admin.engine.vocabulary import Vocabulary

SMALLEST_ANSWER = 4  # a context is shared by question and answer; at least a quarter is the answer's


@dataclass(slots=True)
class Running:
    """A request in a slot. `unread` is what is left of its prompt; afterwards `last` is the token to feed."""

    request: Request
    slot: Slot
    unread: list[int]
    chain: Any
    words: Words
    prompt_tokens: int
    said_before: int
    said: list[int] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    last: int = -1
    row: int = -1
    prefilled: int = 0
    began: float = field(default_factory=time.monotonic)
    spoke: float = 0.0


class BatchingEngine:
    """An Engine over llama.cpp in this process. Raises BadModel when the file cannot be hosted."""

    def __init__(self, spec: EngineSpec) -> None:
        began = time.monotonic()
        header = read_header(spec.path)
        context = min(spec.context, header.context or spec.context)
        self.spec = spec = replace(spec, context=context)
        check_memory(header, tokens=spec.slots * spec.context)
        bindings.quieten()
        self.model = bindings.load_model(spec)
        if not self.model:
            raise BadModel("llama.cpp cannot load this file: its architecture may be newer than this engine.")
        self.context = bindings.open_context(self.model, spec)
        if not self.context:
            raise BadModel("There is no room in memory for so many slots and so long a context.")
        self.memory = llama_cpp.llama_get_memory(self.context)
        self.vocabulary = Vocabulary(self.model)
        try:
            template = ChatTemplate(header.chat_template, bos=self.vocabulary.bos, eos=self.vocabulary.eos)
        except BadTemplate as error:
            raise BadModel(str(error)) from error
        self.writer = Writer(template, self.vocabulary)
        self.slots = [Slot(index) for index in range(spec.slots)]
        self.batch = bindings.Batch(max(spec.batch, spec.slots))
        self.running: dict[str, Running] = {}
        self.events: list[Event] = []
        self.turn = 0
        self.ready = Ready(
            name=header.name,
            sha256=sha256_of(spec.path),
            architecture=header.architecture,
            quantisation=header.quantisation,
            context=spec.context,
            slots=spec.slots,
            load_seconds=round(time.monotonic() - began, 3),
        )

    @property
    def busy(self) -> bool:
        """Whether there is anything to do or to tell."""
        return bool(self.running or self.events)

    def submit(self, request: Request) -> None:
        """Take a request into a slot; what is wrong with it ends it, and it alone."""
        try:
            self._begin(request)
        except TooLong as error:
            self.events.append(Ended(request.id, EndReason.TOO_LONG, str(error)))
        except (BadTemplate, ValueError) as error:
            self.events.append(Ended(request.id, EndReason.FAILED, str(error)))

    def cancel(self, id: str) -> None:
        """End a request between two steps."""
        if running := self.running.get(id):
            self._end(running, EndReason.STOPPED)

    def poll(self, timeout: float) -> Sequence[Event]:
        """Do one step and return what happened. Never waits: there is work or there is not."""
        if self.running:
            self._step()
        events, self.events = self.events, []
        return events

    def close(self) -> None:
        """Let go of the model."""
        for running in self.running.values():
            llama_cpp.llama_sampler_free(running.chain)
        self.running.clear()
        if self.context:
            llama_cpp.llama_free(self.context)
            llama_cpp.llama_model_free(self.model)
            self.context = self.model = None

    # One request -----------------------------------------------------------------------------------------------------

    def _begin(self, request: Request) -> None:
        slot = choose(self.slots, request.seat)
        if slot is None:
            raise ValueError("every slot is taken")
        reserve = max(1, min(request.sampling.max_tokens, self.spec.context // SMALLEST_ANSWER))
        prefix = len(self.vocabulary.tokens(request.prefix, special=False)) if request.prefix else 0
        room = self.spec.context - reserve
        # Words already shown must be read again; they are part of the answer, so they may use its share.
        said = slot.said if slot.seat == request.seat else {}
        prompt = self.writer.write(request, room=max(1, room - max(0, prefix - reserve + 1)), said=said)
        reused = self._reuse(slot, request.seat, prompt.tokens)
        self.turn += 1
        slot.busy, slot.used = True, self.turn
        self.running[request.id] = Running(
            request=request,
            slot=slot,
            unread=prompt.tokens[reused:],
            chain=chain_of(request.sampling, vocabulary_size=self.vocabulary.size, said=prefix),
            words=Words(request.sampling.stop),
            prompt_tokens=len(prompt.tokens) - prefix,
            said_before=prefix,
        )
        self.events.append(Started(request.id, len(prompt.tokens) - prefix, reused, prompt.left_out))

    def _reuse(self, slot: Slot, seat: str, tokens: list[int]) -> int:
        """Keep what the slot has read of this conversation already; at least one token is read anew."""
        same = common_prefix(slot.cached, tokens) if slot.seat == seat else 0
        same = min(same, len(tokens) - 1)
        if not llama_cpp.llama_memory_seq_rm(self.memory, slot.index, same, -1):
            llama_cpp.llama_memory_seq_rm(self.memory, slot.index, -1, -1)
            same = 0
        del slot.cached[same:]
        if slot.seat != seat:
            slot.seat, slot.said = seat, {}
        return same

    def _end(self, running: Running, reason: EndReason, detail: str = "") -> None:
        now = time.monotonic()
        self._say(running, running.words.rest())
        running.slot.said["".join(running.text)] = running.said
        spoke = running.spoke or now
        self.events.append(
            Ended(
                id=running.request.id,
                reason=reason,
                detail=detail,
                prompt_tokens=running.prompt_tokens,
                prefilled_tokens=running.prefilled,
                output_tokens=len(running.said),
                prefill_seconds=round(spoke - running.began, 4),
                decode_seconds=round(now - spoke, 4),
            )
        )
        llama_cpp.llama_sampler_free(running.chain)
        running.slot.busy = False
        del self.running[running.request.id]

    # One step --------------------------------------------------------------------------------------------------------

    def _step(self) -> None:
        self._fill()
        failed = self.batch.decode(self.context)
        if failed:
            self._fail(f"The engine could not take a step (code {failed}).")
            return
        now = time.monotonic()
        for running in [running for running in self.running.values() if running.row >= 0]:
            self._hear(running, now)

    def _fill(self) -> None:
        """One token of every answer, then chunks of the prompts, taking turns at who is first."""
        self.batch.clear()
        reading = []
        for running in self.running.values():
            running.row = -1
            if running.unread:
                reading.append(running)
            else:
                self._feed(running, [running.last], wants_logits=True)
        reading.sort(key=lambda running: running.slot.used)
        by_index = {running.slot.index: running for running in reading}
        unread = [(running.slot.index, len(running.unread)) for running in reading]
        for share in share_out(unread, room=self.batch.room - self.batch.size, chunk=self.spec.prefill_chunk):
            running = by_index[share.index]
            chunk, running.unread = running.unread[: share.count], running.unread[share.count :]
            running.prefilled += share.count
            self.turn += 1
            running.slot.used = self.turn
            self._feed(running, chunk, wants_logits=not running.unread)

    def _feed(self, running: Running, tokens: list[int], *, wants_logits: bool) -> None:
        slot = running.slot
        row = self.batch.add(tokens, slot=slot.index, at=len(slot.cached), wants_logits=wants_logits)
        slot.cached += tokens
        running.row = row if wants_logits else -1

    def _hear(self, running: Running, now: float) -> None:
        """Choose the next token of one answer and say it, or end the answer."""
        running.spoke = running.spoke or now
        token = llama_cpp.llama_sampler_sample(running.chain, self.context, running.row)
        if self.vocabulary.ends(token):
            self._end(running, EndReason.DONE)
            return
        running.said.append(token)
        running.last = token
        self._say(running, running.words.add(self.vocabulary.piece(token)))
        if running.words.stopped:
            self._end(running, EndReason.DONE)
        elif self._is_full(running):
            self._end(running, EndReason.LENGTH)

    def _say(self, running: Running, text: str) -> None:
        if text:
            running.text.append(text)
            self.events.append(Piece(running.request.id, text))

    def _is_full(self, running: Running) -> bool:
        said = running.said_before + len(running.said)
        return said >= running.request.sampling.max_tokens or len(running.slot.cached) + 1 >= self.spec.context

    def _fail(self, detail: str) -> None:
        """A step went wrong: nobody knows what the cache holds now, so all of it goes."""
        for running in list(self.running.values()):
            self._end(running, EndReason.FAILED, detail)
        llama_cpp.llama_memory_clear(self.memory, True)
        for slot in self.slots:
            slot.cached.clear()
            slot.seat, slot.said = "", {}
