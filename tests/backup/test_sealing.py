"""Keys in a backup: opened by their passphrase, and by nothing else."""

import unicodedata
from pathlib import Path

import pytest

from backup.refused import Refused
from backup.sealing import HEADER, MAGIC, check_passphrase, passphrase_in, sealed, unsealed

CHEAP = 4  # log2 of the work: the real one takes half a second
KEYS = {"secret_key": b"s" * 86, "anchor_key": b"00" * 32 + b"\n"}
PASSPHRASE = "Kühe stehen im Regen"


def test_a_passphrase_opens_what_it_sealed() -> None:
    assert unsealed(sealed(KEYS, PASSPHRASE), PASSPHRASE) == KEYS


def test_an_umlaut_is_the_same_however_a_keyboard_spells_it() -> None:
    decomposed = unicodedata.normalize("NFD", PASSPHRASE)
    assert decomposed != PASSPHRASE
    assert unsealed(sealed(KEYS, decomposed, cost=CHEAP), PASSPHRASE) == KEYS


def test_the_same_keys_are_never_sealed_alike_and_never_stand_in_it() -> None:
    first, second = sealed(KEYS, PASSPHRASE, cost=CHEAP), sealed(KEYS, PASSPHRASE, cost=CHEAP)
    assert first[HEADER.size :] != second[HEADER.size :]
    assert KEYS["secret_key"][:20] not in first


def test_another_passphrase_opens_nothing() -> None:
    with pytest.raises(Refused, match="does not open the keys"):
        unsealed(sealed(KEYS, PASSPHRASE, cost=CHEAP), PASSPHRASE.lower())


def test_every_changed_byte_is_told() -> None:
    whole = sealed({"secret_key": b"s"}, PASSPHRASE, cost=CHEAP)
    for at in range(len(whole)):
        with pytest.raises(Refused):
            unsealed(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :], PASSPHRASE)
        with pytest.raises(Refused):
            unsealed(whole[:at], PASSPHRASE)


@pytest.mark.parametrize("costs", [(30, 8, 1), (19, 8, 1), (4, 255, 1), (4, 8, 255), (0, 8, 1)])
def test_a_header_that_asks_for_all_the_memory_is_not_tried(costs: tuple[int, int, int]) -> None:
    with pytest.raises(Refused, match="more work than Hearth ever asks for"):
        unsealed(HEADER.pack(MAGIC, 1, *costs, b"s" * 16, b"n" * 12) + b"x" * 40, PASSPHRASE)


def test_a_passphrase_comes_out_of_the_first_line_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "phrase").write_text(f"{PASSPHRASE}\nsomething else\n")
    assert passphrase_in(tmp_path / "phrase") == PASSPHRASE
    with pytest.raises(Refused, match="cannot be read"):
        passphrase_in(tmp_path / "nowhere")


@pytest.mark.parametrize("short", ["", "eleven char"])
def test_a_short_passphrase_seals_nothing(short: str) -> None:
    with pytest.raises(Refused, match="at least 12 characters"):
        check_passphrase(short)
