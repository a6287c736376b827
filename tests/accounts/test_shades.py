"""A colour of any kind becomes shades that can be read, in both themes."""

import colorsys
import re
from itertools import product
from pathlib import Path

import pytest

from accounts import shades
from accounts.shades import DARK, LIGHT, PAPERS, contrast, sheet

CSS = (Path(__file__).parents[2] / "static/hearth/css/hearth.css").read_text()
TOKEN = re.compile(r"--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);")
HUES = [n / 24 for n in range(24)]
COLOURS = ["#000000", "#ffffff", "#808080"] + [
    "#" + "".join(f"{round(part * 255):02x}" for part in colorsys.hls_to_rgb(hue, light, full))
    for hue, light, full in product(HUES, (0.05, 0.3, 0.5, 0.7, 0.95), (0.3, 1.0))
]


def tokens() -> dict[str, tuple[str, str]]:
    return {name: (day, night) for name, day, night in TOKEN.findall(CSS)}


@pytest.mark.parametrize("colour", COLOURS)
def test_every_colour_can_be_read_in_both_themes(colour: str) -> None:
    for theme, made in ((LIGHT, shades.light(colour)), (DARK, shades.dark(colour))):
        for ground in (*(theme[name] for name in PAPERS), made.wash):
            assert contrast(made.ember, ground) >= 4.5, (made, ground)
        assert contrast(made.ink, made.ember) >= 4.5, made
        assert contrast(theme["ink"], made.wash) >= 7, made
        assert contrast(theme["soft"], made.wash) >= 4.5, made


def test_a_colour_that_can_be_read_already_stays_as_it_is() -> None:
    assert shades.light("#b93f0a").ember == "#b93f0a"
    assert shades.dark("#ff9a5c").ember == "#ff9a5c"


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


def test_papers_are_those_of_the_style_sheet() -> None:
    known = tokens()
    assert {name: known[name][0] for name in LIGHT} == LIGHT
    assert {name: known[name][1] for name in DARK} == DARK


def test_hearths_own_colours_can_be_read_on_its_papers() -> None:
    known = tokens()
    pairs = [(name, paper) for name in ("ink", "soft", "ember", "danger", "good") for paper in PAPERS]
    pairs += [("ember-ink", "ember"), ("danger", "danger-wash"), ("good", "good-wash"), ("ember", "ember-wash")]
    pairs += [("soft", "ember-wash"), ("ink", "danger-wash"), ("ink", "good-wash")]
    pairs += [(f"hl-{name}", "code") for name in ("key", "str", "num", "note", "name")]
    for one, other in pairs:
        for theme in (0, 1):
            assert contrast(known[one][theme], known[other][theme]) >= 4.5, (one, other, theme)
    for paper in PAPERS:  # the edge of what is filled in: 3 to 1
        assert all(contrast(known["edge"][theme], known[paper][theme]) >= 3 for theme in (0, 1)), paper


def test_a_sheet_holds_both_themes_and_no_address() -> None:
    text = sheet("#1d5a8a")
    assert "--ember: light-dark(#1d5a8a, #" in text
    assert "url(" not in text
