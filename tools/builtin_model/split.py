"""Which inputs of a skill are kept out of training, so that its evaluation sees only new ones."""

import zlib

# One input in so many is held out.
HELD_OUT_OF = 10


def held_out(kind: str, *args: object) -> bool:
    """Tells whether the input `args` of the skill `kind` (such as "add", 17, 25) must not be trained on.

    The order of the arguments does not matter (17 + 25 and 25 + 17 are one input), nor does the case of words;
    so a skill asked in upper case and in lower case shares its inputs. Stable over machines and versions.
    """
    parts = sorted(str(argument).strip().lower() for argument in args)
    return zlib.crc32("\x1f".join([kind, *parts]).encode()) % HELD_OUT_OF == 0
