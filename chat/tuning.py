"""What people may set for one question, where the organisation lets them: how daring, how long."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from models_admin.models import Deployment

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Knob:
    """A setting of an answer, with its bounds."""

    name: str
    label: "StrOrPromise"
    least: float
    most: float
    step: float
    whole: bool = False

    def read(self, text: str) -> float:
        """Return what was sent. Raises ValueError with a sentence."""
        try:
            value = int(text) if self.whole else float(text)
        except ValueError:
            raise ValueError(_("%(label)s is a number.") % {"label": self.label}) from None
        if not self.least <= value <= self.most:
            said = {"label": self.label, "least": f"{self.least:g}", "most": f"{self.most:g}"}
            raise ValueError(_("%(label)s goes from %(least)s to %(most)s.") % said)
        return value


KNOBS = (
    Knob("temperature", gettext_lazy("Temperature"), 0, 2, 0.05),
    Knob("top_p", gettext_lazy("Top p"), 0, 1, 0.01),
    Knob("top_k", gettext_lazy("Top k"), 0, 1000, 1, whole=True),
    Knob("min_p", gettext_lazy("Min p"), 0, 1, 0.01),
    Knob("repeat_penalty", gettext_lazy("Repeat penalty"), 0.5, 2, 0.05),
    Knob("max_tokens", gettext_lazy("Most tokens"), 1, 32_768, 1, whole=True),
)


SENT = ("temperature", "top_p", "max_tokens")  # to servers elsewhere


def knobs_of(deployment: Deployment) -> list[Knob]:
    """Return what may be set for a question to this model."""
    there = SENT if deployment.endpoint_id else [knob.name for knob in KNOBS]
    return [knob for knob in KNOBS if knob.name in deployment.may_change and knob.name in there]


def wished(deployment: Deployment, sent: Mapping[str, str]) -> dict[str, float]:
    """Return what was set of what may be; the rest is as the organisation says. Raises ValueError with a sentence."""
    texts = {knob: sent.get(knob.name, "").strip() for knob in knobs_of(deployment)}
    return {knob.name: knob.read(text) for knob, text in texts.items() if text}


@dataclass(frozen=True, slots=True)
class Panel:
    """The settings of one model as the page offers them, each with what holds where nothing is set."""

    deployment: Deployment
    rows: list[tuple[Knob, float]]


def panels(deployments: Iterable[Deployment]) -> list[Panel]:
    """Return a panel for each model of which anything may be set."""
    found = [Panel(one, [(knob, getattr(one, knob.name)) for knob in knobs_of(one)]) for one in deployments]
    return [panel for panel in found if panel.rows]
