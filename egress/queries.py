"""Self-tests as they are read."""

from datetime import datetime

from egress.models import Probe, Trial


def latest() -> Trial | None:
    """Return the newest self-test with what was found."""
    return Trial.objects.prefetch_related("probes").first()


def by_process(trial: Trial) -> dict[str, list[Probe]]:
    """Return what was found, by who found it."""
    found: dict[str, list[Probe]] = {}
    for probe in trial.probes.all():
        found.setdefault(probe.process, []).append(probe)
    return found


def verdict(trial: Trial, now: datetime) -> str:
    """Return `open` where anything was reached, else what is missing for a proof: waiting, silent, unsure or shut."""
    outcomes = {probe.outcome for probe in trial.probes.all()}
    if Probe.Outcome.REACHED in outcomes:
        return "open"
    if not trial.is_over(now):
        return "waiting"
    if trial.silent() or not outcomes:
        return "silent"
    return "unsure" if Probe.Outcome.REFUSED in outcomes else "shut"
