"""`manage.py egress`: every address that the configuration can reach, and a self-test of all others."""

import json
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from audit.actor import acting, operator
from egress import actions
from egress.models import Probe, Trial
from egress.queries import verdict
from egress.ways import Way, ways

LOOK_SECONDS = 0.5
SAYS = {
    "open": "There is a way out that the configuration does not name.",
    "unsure": "Nothing was reached, but something refused: a firewall, or the place itself.",
    "silent": "Nothing was reached, but not every process has said so: {silent}.",
    "shut": "Nothing was reached, from no process.",
}


class Command(BaseCommand):
    """List the ways out; with --self-test knock at addresses outside, and end with 1 where one is reached."""

    help = "List every address that the configuration can reach; --self-test tries whether others can be."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--self-test", action="store_true", help="from here, every host and housekeeping")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, self_test: bool, json: bool, **options: Any) -> None:
        found = ways()
        trial = _tried() if self_test else None
        self.stdout.write(_as_json(found, trial) if json else _as_lines(found, trial))
        if trial is not None and verdict(trial, timezone.now()) == "open":
            raise CommandError(SAYS["open"])


def _tried() -> Trial:
    """Return a self-test once everybody has said something, or nobody is waited for any more."""
    with acting(operator()):
        pk = actions.begin(asked_by=None).pk
    while True:
        trial = Trial.objects.prefetch_related("probes").get(pk=pk)
        if trial.is_over(timezone.now()):
            return trial
        time.sleep(LOOK_SECONDS)


def _told(way: Way) -> dict[str, Any]:
    texts = {name: str(getattr(way, name)) for name in ("key", "name", "sends", "when", "who", "switch")}
    return texts | {"open": way.is_open, "where": list(way.where), "reach": str(way.reach) if way.is_open else ""}


def _found(probe: Probe) -> dict[str, Any]:
    return {name: getattr(probe, name) for name in ("process", "place", "outcome", "milliseconds")} | {
        "at": probe.at.isoformat()
    }


def _as_json(found: list[Way], trial: Trial | None) -> str:
    told: dict[str, Any] = {"ways": [_told(way) for way in found]}
    if trial is not None:
        told |= {"verdict": verdict(trial, timezone.now()), "silent": trial.silent()}
        told |= {"probes": [_found(probe) for probe in trial.probes.all()]}
    return json.dumps(told, indent=2)


def _as_lines(found: list[Way], trial: Trial | None) -> str:
    lines = [f"{'OPEN' if way.is_open else 'shut'}  {way.name}: {', '.join(way.where) or way.switch}" for way in found]
    for way in (way for way in found if way.is_open):
        lines += ["", f"{way.name} ({way.reach_label})", f"  sends: {way.sends}", f"  when:  {way.when}"]
        lines += [f"  from:  {way.who}", f"  by:    {way.switch}"]
    if trial is not None:
        lines += ["", *(f"{probe.process:<28} {probe.place:<28} {probe.outcome}" for probe in trial.probes.all())]
        lines += [SAYS[verdict(trial, timezone.now())].format(silent=", ".join(trial.silent()))]
    return "\n".join(lines)
