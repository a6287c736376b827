"""Many answers at once over one model: every step decodes a token of each and a chunk of everybody's prompts."""

import time
from collections.abc import Sequence

import llama_cpp

from models_admin.engine import bindings, loading
from models_admin.engine.cache import WORTH_KEEPING, Cache
from models_admin.engine.header import BadModel
from models_admin.engine.pacing import Pace
from models_admin.engine.prompt import TooLong, Writer
from models_admin.engine.protocol import (
    Cell,
    Doing,
    Ended,
    EndReason,
    EngineSpec,
    Event,
    Piece,
    Request,
    Started,
    Status,
)
from models_admin.engine.running import Running
from models_admin.engine.sampler import chain_of, chance_of, is_plain
from models_admin.engine.slots import Slot, share_out
from models_admin.engine.template import BadTemplate, ChatTemplate
from models_admin.engine.trial import try_template
from models_admin.engine.vocabulary import Vocabulary

SMALLEST_ANSWER = 4  # a context is shared by question and answer; at least a quarter is the answer's
FEW = 1  # answers at once; rows of unequal length are computed apart, so guesses of several cost more than they bring
WORTH_FILLING = 4  # idle slots in a gap; computing their rows in vain costs less than another pass over the weights


class BatchingEngine:
    """An Engine over llama.cpp in this process. Raises BadModel when the file cannot be hosted."""

    def __init__(self, spec: EngineSpec) -> None:
        spec, header = loading.read_spec(spec)
        if header.embeds:
            raise BadModel("This model turns texts into numbers and cannot answer; it may serve a search.")
        if reason := try_template(header.chat_template):
            raise BadModel(reason)
        loaded = loading.load(spec, header)
        self.spec, self.model, self.context = spec, loaded.model, loaded.context
        self.vocabulary = Vocabulary(self.model)
        try:
            template = ChatTemplate(header.chat_template, bos=self.vocabulary.bos, eos=self.vocabulary.eos)
        except BadTemplate as error:
            raise BadModel(str(error)) from error
        self.writer = Writer(template, self.vocabulary)
        self.cache = Cache(self.context, slots=spec.slots, shelf_bytes=spec.shelf_bytes)
        self.batch = bindings.Batch(max(spec.batch, 4 * spec.slots))
        self.pace = Pace(self.batch.room, target=spec.step_seconds)
        self.can_forget = bindings.forgets_in_part(self.model)
        self.fillers: list[int] = []
        self.running: dict[str, Running] = {}
        self.events: list[Event] = []
        self.decode_seconds = self.busy_seconds = 0.0
        self.said = self.read = 0
        limit = spec.warm_seconds
        bindings.take_first_step(self.context, self.batch, slots=spec.slots, most=spec.context, limit=limit)
        self.ready = loaded.ready()

    @property
    def busy(self) -> bool:
        """Whether there is anything to do or to tell."""
        return bool(self.running or self.events)

    def submit(self, request: Request) -> None:
        """Take a request into a slot; what is wrong with it ends it, and it alone."""
        self.cancel(request.id)  # a second request of one name would leave the first in its slot for ever
        try:
            self._begin(request)
        except TooLong as error:
            reason = EndReason.FULL if request.prefix else EndReason.TOO_LONG
            self.events.append(Ended(request.id, reason, str(error)))
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
        reserve = max(1, min(request.sampling.max_tokens, self.spec.context // SMALLEST_ANSWER))
        prefix = self.vocabulary.tokens(request.prefix, special=False) if request.prefix else []
        room = self.spec.context - reserve
        # Words already shown must be read again; they are part of the answer, so they may use its share.
        room = max(1, room - max(0, len(prefix) - reserve + 1))
        prompt = self.writer.write(request, room=room, said=self.cache.known(request.seat))
        chain = chain_of(request.sampling, vocabulary=self.vocabulary, said=prefix)
        slot = self.cache.take(request.seat, prompt.tokens, shared=prompt.shared)
        if slot is None:
            llama_cpp.llama_sampler_free(chain)
            raise ValueError("every slot is taken")
        reused = len(slot.cached)
        running = Running(
            request=request,
            slot=slot,
            unread=prompt.tokens[reused:],
            chain=chain,
            prompt_tokens=len(prompt.tokens) - len(prefix),
            said_before=len(prefix),
            plain=is_plain(request.sampling),
            share_at=prompt.shared if prompt.shared >= max(WORTH_KEEPING, reused + 1) else 0,
        )
        if request.sampling.lookup and self.can_forget:
            running.guess_from(prompt.tokens)
        self.running[request.id] = running
        self.events.append(Started(request.id, running.prompt_tokens, reused, prompt.left_out))

    def _end(self, running: Running, reason: EndReason, detail: str = "") -> None:
        self._say(running, running.words.rest())
        running.slot.said["".join(running.text)] = running.said
        self.events.append(running.ended(reason, detail, time.monotonic()))
        llama_cpp.llama_sampler_free(running.chain)
        running.slot.busy = False
        del self.running[running.request.id]

    # One step --------------------------------------------------------------------------------------------------------

    def _step(self) -> None:
        began = time.monotonic()
        read = self._fill()
        self.read += read
        failed = self.batch.decode(self.context)
        now = time.monotonic()
        if failed:
            self._fail(f"The engine could not take a step (code {failed}).")
            return
        self._forget_fillers()
        self.pace.learn(read, now - began)
        for running in list(self.running.values()):
            if running.share_at and len(running.slot.cached) == running.share_at:
                self.cache.share(running.slot)
                running.share_at = 0
        for running in [running for running in self.running.values() if running.row >= 0]:
            self._hear(running, now)
        self.decode_seconds += now - began
        self.busy_seconds += time.monotonic() - began

    def _fill(self) -> int:
        """Every answer's next tokens, then chunks of the prompts. Return how many prompt tokens are read.

        llama.cpp computes rows together only where their slots follow one another without a gap: rows stand in the
        order of the slots, and a small gap is filled with a token of the idle slot, forgotten after the step.
        """
        reading = [running for running in self.running.values() if running.unread]
        for running in self.running.values():
            running.row = -1
            if not running.unread:
                running.guess = self._guess(running) if len(self.running) <= FEW else []
                running.feed, running.asked = [running.last, *running.guess], 1 + len(running.guess)
        read = self._share_out(reading, used=len(self.running) - len(reading)) if reading else 0
        self._lay_out({running.slot.index: running for running in self.running.values() if running.feed})
        return read

    def _share_out(self, reading: list[Running], *, used: int) -> int:
        """Give each prompt its chunk of this step."""
        reading.sort(key=lambda running: running.slot.used)
        by_index = {running.slot.index: running for running in reading}
        paced = self.pace.room([len(running.unread) for running in reading], answering=used)
        room = min(self.batch.room - used - self.spec.slots, paced)
        shares = share_out([(running.slot.index, running.readable) for running in reading], room=max(1, room))
        for share in shares:
            by_index[share.index].read(share.count)
            self.cache.touch(by_index[share.index].slot)
        return sum(share.count for share in shares)

    def _lay_out(self, feeding: dict[int, Running]) -> None:
        """Put what is fed into the batch, slot by slot, with fillers in the gaps."""
        self.batch.clear()
        last = None
        for index in sorted(feeding):
            running = feeding[index]
            gap = range(index if last is None else last + 1, index)
            if len(gap) <= WORTH_FILLING and self._can_fill(gap):
                for idle in gap:
                    self.batch.add([0], slot=idle, at=len(self.slots[idle].cached), logits=0)
                    self.fillers.append(idle)
            row = self.batch.add(running.feed, slot=index, at=len(running.slot.cached), logits=running.asked)
            running.row = row if running.asked else -1
            running.slot.cached += running.feed
            running.feed = []
            last = index

    def _can_fill(self, gap: Sequence[int]) -> bool:
        return self.can_forget and all(len(self.slots[idle].cached) < self.spec.context for idle in gap)

    def _forget_fillers(self) -> None:
        for index in self.fillers:
            self.cache.forget_behind(self.slots[index])
        self.fillers.clear()

    def _guess(self, running: Running) -> list[int]:
        if running.lookup is None:
            return []
        room = min(self.spec.context - len(running.slot.cached) - 2, self.batch.room - 2 * self.spec.slots)
        return running.lookup.guess(min(room, running.left - 1))

    def _sample(self, running: Running, row: int) -> int:
        if running.plain:
            return bindings.likeliest(self.context, row, self.vocabulary.size)
        return int(llama_cpp.llama_sampler_sample(running.chain, self.context, row))

    def _hear(self, running: Running, now: float) -> None:
        """Choose one answer's next tokens and say them, one for each row as long as the guesses come true."""
        running.spoke = running.spoke or now
        token = self._sample(running, running.row)
        guess, running.guess = running.guess, []
        met = 0
        while self._choose(running, token, running.row + met) and met < len(guess) and token == guess[met]:
            met += 1
            token = self._sample(running, running.row + met)
        if guess:
            self.cache.cut(running.slot, len(running.slot.cached) - len(guess) + met)
            if running.lookup is not None:
                running.lookup.learn(len(guess), met)

    def _choose(self, running: Running, token: int, row: int) -> bool:
        """Say one token. Return whether the answer goes on."""
        if self.vocabulary.ends(token):
            self._end(running, EndReason.DONE)
            return False
        running.hear(token)
        self.said += 1
        if running.request.sampling.chances:
            chance = chance_of(self.context, row, token, self.vocabulary, running.request.sampling.chances)
            self.events.append(Piece(running.request.id, "", (chance,)))
        self._say(running, running.words.add(self.vocabulary.piece(token)))
        if running.words.stopped:
            self._end(running, EndReason.DONE)
        elif running.left <= 0 or len(running.slot.cached) + 1 >= self.spec.context:
            self._end(running, EndReason.LENGTH)
        else:
            return True
        return False

    def _say(self, running: Running, text: str) -> None:
        if text:
            running.text.append(text)
            self.events.append(Piece(running.request.id, text))

    def _fail(self, detail: str) -> None:
        """A step went wrong: nobody knows what the cache holds now, so all of it goes."""
        for running in list(self.running.values()):
            self._end(running, EndReason.FAILED, detail)
        self.fillers.clear()
        self.cache.clear()

    @property
    def status(self) -> Status:
        """How every slot stands."""
        reading = {one.slot.index for one in self.running.values() if one.unread}
        cells = []
        for slot in self.slots:
            doing = Doing.READING if slot.index in reading else Doing.SAYING if slot.busy else Doing.NOTHING
            cells.append(Cell(doing, len(slot.cached)))
        return Status(tuple(cells), self.said, self.read)

    @property
    def slots(self) -> list[Slot]:
        """The cache's slots."""
        return self.cache.slots
