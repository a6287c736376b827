"""How the next token is chosen: one chain per request, in llama.cpp."""

from typing import Any

import llama_cpp

from models_admin.engine.protocol import Sampling

LOOK_BACK = 64  # tokens that the repeat penalty remembers


def chain_of(sampling: Sampling, *, vocabulary_size: int, said: int = 0) -> Any:
    """Return a new chain. `said` tokens were sampled before by another attempt: its dice are not thrown again."""
    chain = llama_cpp.llama_sampler_chain_init(llama_cpp.llama_sampler_chain_default_params())

    def add(sampler: Any) -> None:
        llama_cpp.llama_sampler_chain_add(chain, sampler)

    if sampling.repeat_penalty != 1.0:
        add(llama_cpp.llama_sampler_init_penalties(vocabulary_size, LOOK_BACK, sampling.repeat_penalty, 0.0, 0.0))
    if sampling.temperature <= 0:
        add(llama_cpp.llama_sampler_init_greedy())
        return chain
    if sampling.top_k > 0:
        add(llama_cpp.llama_sampler_init_top_k(sampling.top_k))
    if sampling.top_p < 1:
        add(llama_cpp.llama_sampler_init_top_p(sampling.top_p, 1))
    if sampling.min_p > 0:
        add(llama_cpp.llama_sampler_init_min_p(sampling.min_p, 1))
    add(llama_cpp.llama_sampler_init_temp(sampling.temperature))
    add(llama_cpp.llama_sampler_init_dist((sampling.seed + said) % 2**32))
    return chain
