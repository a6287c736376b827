"""Shades of one colour that can be read: on Hearth's papers, in light and dark. Contrast is that of WCAG 2.2."""

import colorsys
import re
from dataclasses import dataclass

COLOUR = re.compile(r"#[0-9a-f]{6}")
READABLE = 4.6  # to 1; the rule is 4.5, and rounding must not cost it
STEP = 0.005
# What an accent stands on, from static/hearth/css/hearth.css; a test holds the two together.
LIGHT = {"paper": "#fbfaf8", "raised": "#ffffff", "sunk": "#f2efea", "ink": "#24201c", "soft": "#635b53"}
DARK = {"paper": "#1b1917", "raised": "#262320", "sunk": "#151312", "ink": "#ece7e0", "soft": "#aaa196"}
PAPERS = ("paper", "raised", "sunk")

Rgb = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Shades:
    """An accent in one theme: itself, what is written on it, and a wash of it behind words."""

    ember: str
    ink: str
    wash: str


def _rgb(colour: str) -> Rgb:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _hex(rgb: Rgb) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in rgb)


def _luminance(colour: str) -> float:
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 to 21."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _mixed(colour: str, share: float, ground: str) -> str:
    red, green, blue = (a * share + b * (1 - share) for a, b in zip(_rgb(colour), _rgb(ground), strict=True))
    return _hex((red, green, blue))


def _stepped(colour: str, step: float, grounds: list[str]) -> str:
    """Return the colour, made darker or lighter until it can be read on all grounds."""
    hue, light, full = colorsys.rgb_to_hls(*_rgb(colour))
    while min(contrast(colour, ground) for ground in grounds) < READABLE and 0 <= light + step <= 1:
        light += step
        colour = _hex(colorsys.hls_to_rgb(hue, light, full))
    return colour


def _washed(colour: str, theme: dict[str, str], share: float) -> str:
    """Return as much of the colour in the paper as lets soft words be read on it."""
    while contrast(theme["soft"], wash := _mixed(colour, share, theme["raised"])) < READABLE:
        share -= 0.01
    return wash


def light(colour: str) -> Shades:
    """Return the shades of `#rrggbb` for the light theme."""
    wash = _washed(colour, LIGHT, 0.09)
    ember = _stepped(colour, -STEP, [*(LIGHT[name] for name in PAPERS), wash, "#ffffff"])
    return Shades(ember, "#ffffff", wash)


def dark(colour: str) -> Shades:
    """Return the shades of `#rrggbb` for the dark theme."""
    wash = _washed(colour, DARK, 0.12)
    ember = _stepped(colour, STEP, [*(DARK[name] for name in PAPERS), wash])
    return Shades(ember, _stepped(_mixed(ember, 0.25, "#000000"), -STEP, [ember]), wash)


def sheet(colour: str) -> str:
    """Return the style sheet that puts `#rrggbb` in the place of Hearth's own accent. One colour is one sheet."""
    day, night = light(colour), dark(colour)
    return (
        "@layer tokens { :root {\n"
        f"  --ember: light-dark({day.ember}, {night.ember});\n"
        f"  --ember-ink: light-dark({day.ink}, {night.ink});\n"
        f"  --ember-wash: light-dark({day.wash}, {night.wash});\n"
        "  --spark: var(--ember);\n"
        "} }\n"
    )
