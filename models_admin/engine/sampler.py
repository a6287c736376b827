"""How the next token is chosen: one chain per request, in llama.cpp."""

from collections.abc import Callable, Sequence
from typing import Any

import llama_cpp
import numpy as np

from models_admin.engine.protocol import Chance, Sampling
from models_admin.engine.vocabulary import Vocabulary

LOOK_BACK = 64  # tokens that the repeat penalty remembers
LONGEST_GRAMMAR = 100_000  # characters


class BadGrammar(ValueError):
    """The grammar or schema cannot be used; the message is a sentence."""


def chain_of(sampling: Sampling, *, vocabulary: Vocabulary, said: Sequence[int] = ()) -> Any:
    """Return a new chain. `said` tokens were sampled before by another attempt: its dice are not thrown again.

    Raises BadGrammar.
    """
    grammar = grammar_of(sampling)
    chain = llama_cpp.llama_sampler_chain_init(llama_cpp.llama_sampler_chain_default_params())

    def add(sampler: Any) -> None:
        llama_cpp.llama_sampler_chain_add(chain, sampler)

    if grammar:
        rules = llama_cpp.llama_sampler_init_grammar(vocabulary.vocab, grammar.encode(), b"root")
        if not rules:
            llama_cpp.llama_sampler_free(chain)
            raise BadGrammar("The grammar cannot be read.")
        for token in said:
            llama_cpp.llama_sampler_accept(rules, token)
        add(rules)
    if sampling.repeat_penalty != 1.0:
        add(llama_cpp.llama_sampler_init_penalties(vocabulary.size, LOOK_BACK, sampling.repeat_penalty, 0.0, 0.0))
    if sampling.temperature <= 0:
        add(llama_cpp.llama_sampler_init_greedy())
    else:
        _add_dice(add, sampling, said=len(said))
    return chain


def is_plain(sampling: Sampling) -> bool:
    """Whether the likeliest token is taken each time, whatever came before."""
    return sampling.temperature <= 0 and sampling.repeat_penalty == 1 and not (sampling.grammar or sampling.json_schema)


def _add_dice(add: Callable[[Any], None], sampling: Sampling, *, said: int) -> None:
    if sampling.top_k > 0:
        add(llama_cpp.llama_sampler_init_top_k(sampling.top_k))
    if sampling.top_p < 1:
        add(llama_cpp.llama_sampler_init_top_p(sampling.top_p, 1))
    if sampling.min_p > 0:
        add(llama_cpp.llama_sampler_init_min_p(sampling.min_p, 1))
    add(llama_cpp.llama_sampler_init_temp(sampling.temperature))
    add(llama_cpp.llama_sampler_init_dist((sampling.seed + said) % 2**32))


def grammar_of(sampling: Sampling) -> str:
    """Return the GBNF that an answer has to follow, or nothing. Raises BadGrammar."""
    if len(sampling.grammar) + len(sampling.json_schema) > LONGEST_GRAMMAR:
        raise BadGrammar("The grammar is too long.")
    if not sampling.json_schema:
        return sampling.grammar
    from llama_cpp.llama_grammar import json_schema_to_gbnf

    try:
        grammar: str = json_schema_to_gbnf(sampling.json_schema)
    except Exception as error:
        raise BadGrammar(f"The JSON schema cannot be used ({type(error).__name__}).") from error
    return grammar


def chance_of(context: Any, row: int, token: int, vocabulary: Vocabulary, likeliest: int) -> Chance:
    """Return the chance that the model itself gave a token, before any sampler, and those of the likeliest."""
    logits = np.ctypeslib.as_array(llama_cpp.llama_get_logits_ith(context, row), shape=(vocabulary.size,))
    top = float(logits.max())
    norm = top + float(np.log(np.exp(logits - top).sum()))
    best = np.argpartition(logits, -likeliest)[-likeliest:]
    best = best[np.argsort(-logits[best])]

    def text(token: int) -> str:
        return vocabulary.piece(token).decode("utf-8", errors="replace")

    return Chance(
        text(token), float(logits[token]) - norm, tuple((text(int(n)), float(logits[n]) - norm) for n in best)
    )
