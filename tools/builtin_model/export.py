"""`python -m tools.builtin_model.export RUN_FOLDER`: writes a trained model as GGUF, F16 and Q8_0."""

import argparse
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import torch
from gguf import GGMLQuantizationType as Kind
from numpy.typing import NDArray

from tools.builtin_model.model import Model, Shape
from tools.builtin_model.schedule import Plan
from tools.builtin_model.tokenizer import CONTROL, Coder
from tools.builtin_model.train import shape_of

NAME = "Hearth demo"
DESCRIPTION = (
    "The small demo model that Hearth brings along. It explains Hearth and has a few small skills; "
    "an administrator can add a larger model."
)
LICENCE = "Same licence as Hearth"
DEMO = "hearth.demo"  # the key that marks the built-in model
# System turns are left out: so small a model was trained to obey none.
TEMPLATE = (
    "{% for message in messages %}{% if message.role != 'system' %}<|im_start|>{{ message.role }}\n"
    "{{ message.content }}<|im_end|>\n{% endif %}{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
FILE_TYPES = {Kind.F16: gguf.LlamaFileType.MOSTLY_F16, Kind.Q8_0: gguf.LlamaFileType.MOSTLY_Q8_0}


def load(folder: Path) -> tuple[Model, Coder]:
    """Return the model and the tokenizer of a run's last checkpoint."""
    state = torch.load(folder / "checkpoint.pt", map_location="cpu")
    model = Model(shape_of(Plan(**state["plan"])))
    model.load_state_dict(state["model"])
    return model.eval(), Coder.load(folder / "tokenizer.json")


def write(path: Path, model: Model, coder: Coder, kind: Kind) -> None:
    """Write one file. Matrices are of `kind`, norms stay F32."""
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name(NAME)
    writer.add_description(DESCRIPTION)
    writer.add_license(LICENCE)
    writer.add_bool(DEMO, True)
    writer.add_file_type(FILE_TYPES[kind])
    writer.add_quantization_version(gguf.GGML_QUANT_VERSION)
    _write_shape(writer, model.shape)
    _write_tokenizer(writer, coder)
    for name, tensor in model.state_dict().items():
        array = tensor.float().numpy()
        data, raw = _stored(array, kind) if array.ndim == 2 else (array, None)
        writer.add_tensor(name, data, raw_dtype=raw)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _stored(array: NDArray[np.float32], kind: Kind) -> tuple[NDArray[Any], Kind]:
    return gguf.quants.quantize(array, kind), kind


def _write_shape(writer: gguf.GGUFWriter, shape: Shape) -> None:
    writer.add_context_length(shape.context)
    writer.add_embedding_length(shape.width)
    writer.add_block_count(shape.layers)
    writer.add_feed_forward_length(shape.feed_forward)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.kv_heads)
    writer.add_rope_dimension_count(shape.head)
    writer.add_rope_freq_base(shape.rope_base)
    writer.add_layer_norm_rms_eps(shape.epsilon)
    writer.add_vocab_size(shape.vocabulary)


def _write_tokenizer(writer: gguf.GGUFWriter, coder: Coder) -> None:
    words = coder.tokenizer.get_vocab()
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list([*sorted(words, key=lambda word: words[word]), *CONTROL])
    writer.add_token_types([gguf.TokenType.NORMAL] * coder.words + [gguf.TokenType.CONTROL] * len(CONTROL))
    writer.add_token_merges(coder.merges())
    writer.add_bos_token_id(coder.end_of_text)
    writer.add_eos_token_id(coder.end)
    writer.add_pad_token_id(coder.end_of_text)
    writer.add_add_bos_token(False)
    writer.add_chat_template(TEMPLATE)


def main() -> None:
    """Read the command line and write both files into the run's folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    model, coder = load(folder)
    for kind in FILE_TYPES:
        path = folder / f"hearth-demo-{kind.name}.gguf"
        write(path, model, coder, kind)
        print(f"{path}  {path.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
