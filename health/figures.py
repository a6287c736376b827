"""What the whole house counts, read when somebody scrapes: a few queries on indexes, and what hosts say of themselves.

Every web process says the same here: a dashboard takes the maximum over them, not the sum.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from django.db import connection
from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily

from audit.models import Verification
from health import checks, pulses, tallying
from health.probing import Source, answer_of
from models_admin import live
from models_admin.models import Deployment, Host, Placement
from models_admin.queries import alive
from retention.models import Run
from retention.queries import latest_of_each

QUEUE = """
SELECT d.name,
  (SELECT count(*) FROM chat_generation g WHERE g.deployment_id = d.id AND g.state = 'queued'),
  (SELECT extract(epoch FROM now() - min(g.queued_at)) FROM chat_generation g
    WHERE g.deployment_id = d.id AND g.state = 'queued'),
  coalesce(r.live, 0), coalesce(r.expired, 0)
FROM models_admin_deployment d LEFT JOIN (
  SELECT deployment_id, count(*) FILTER (WHERE lease_until >= now()) AS live,
    count(*) FILTER (WHERE lease_until < now()) AS expired
  FROM chat_generation WHERE state = 'running' GROUP BY deployment_id) r ON r.deployment_id = d.id
"""
Labels = tuple[str, ...]
Values = list[tuple[Labels, float]]


def _gauge(name: str, said: str, values: Values, labels: Labels = ()) -> Metric:
    return _filled(GaugeMetricFamily(name, said, labels=labels), values)


def _counter(name: str, said: str, values: Values, labels: Labels = ()) -> Metric:
    return _filled(CounterMetricFamily(name, said, labels=labels), values)


def _filled(metric: GaugeMetricFamily | CounterMetricFamily, values: Values) -> Metric:
    for names, value in values:
        metric.add_metric(names, value)
    return metric


def queue() -> Iterator[Metric]:
    """Yield what waits and what runs, and whether its leases hold."""
    with connection.cursor() as cursor:
        cursor.execute(QUEUE)
        rows = cursor.fetchall()
    waiting: Values = [((row[0],), row[1]) for row in rows]
    oldest: Values = [((row[0],), float(row[2] or 0)) for row in rows]
    running: Values = [((row[0],), row[3] + row[4]) for row in rows]
    leases: Values = [(("live",), sum(row[3] for row in rows)), (("expired",), sum(row[4] for row in rows))]
    of = ("deployment",)
    yield _gauge("hearth_answers_waiting", "Answers that wait for a host, by deployment.", waiting, of)
    yield _gauge("hearth_oldest_wait_seconds", "How long the oldest of them has waited.", oldest, of)
    yield _gauge("hearth_answers_running", "Answers that are being written, by deployment.", running, of)
    yield _gauge("hearth_leases", "Leases of answers that are being written: live, or expired.", leases, ("state",))


def ended() -> Iterator[Metric]:
    """Yield what has been counted of answers that ended."""
    told = tallying.counted()
    states: Values = [((state,), count) for state, count in told.ended.items()]
    buckets = [(str(edge), float(count)) for edge, count in zip(tallying.BUCKETS, told.within, strict=True)]
    histogram = HistogramMetricFamily("hearth_first_word_seconds", "Seconds from a question to its first word.")
    histogram.add_metric((), [*buckets, ("+Inf", float(told.heard))], told.seconds)
    yield _counter("hearth_answers_ended", "Answers that have ended, by how.", states, ("state",))
    yield _counter("hearth_tokens_said", "Tokens of answers that have ended.", [((), told.tokens)])
    yield histogram


def rates() -> Iterator[Metric]:
    """Yield what engines do at this moment, over all machines."""
    here = Placement.objects.filter(host__in=alive(), state=Deployment.State.READY)
    rows = list(here.values_list("deployment__name", "deployment", "host"))
    told = live.heard({host for _, _, host in rows})
    ready: dict[str, float] = {}
    said: dict[str, float] = {}
    read: dict[str, float] = {}
    for name, deployment, host in rows:
        facts = told.get(host, {}).get(str(deployment), {})
        ready[name] = ready.get(name, 0) + 1
        said[name] = said.get(name, 0) + facts.get("said", 0)
        read[name] = read.get(name, 0) + facts.get("read", 0)
    of = ("deployment",)
    yield _gauge("hearth_model_ready_hosts", "Machines that have a deployment in memory.", _labelled(ready), of)
    yield _gauge("hearth_tokens_said_per_second", "Tokens that engines say a second.", _labelled(said), of)
    yield _gauge(
        "hearth_tokens_read_per_second", "Tokens of questions that engines read a second.", _labelled(read), of
    )


def _labelled(values: Mapping[str, float]) -> Values:
    return [((name,), value) for name, value in values.items()]


def machines() -> Iterator[Metric]:
    """Yield what the machines that are heard say of themselves."""
    rows = list(alive())
    yield _gauge("hearth_hosts_heard", "Machines that have spoken within ten seconds.", [((), len(rows))])
    of = ("host",)
    memory: Values = [((host.name,), host.ram_free) for host in rows]
    disk: Values = [((host.name,), host.disk_free) for host in rows]
    yield _gauge("hearth_host_memory_free_bytes", "Memory that a machine could still give.", memory, of)
    yield _gauge("hearth_host_disk_free_bytes", "Room where a machine's models lie.", disk, of)
    for name, said, key in (
        ("hearth_gpu_memory_total_bytes", "Memory of a GPU.", "total"),
        ("hearth_gpu_memory_free_bytes", "Memory of a GPU that is free.", "free"),
        ("hearth_gpu_busy_percent", "How busy a GPU is, where it says so.", "busy"),
    ):
        yield _gauge(name, said, list(_of_gpus(rows, key)), ("host", "gpu"))


def _of_gpus(hosts: list[Host], key: str) -> Iterator[tuple[Labels, float]]:
    for host in hosts:
        for number, gpu in enumerate(host.gpus):
            if gpu.get(key) is not None:
                yield (host.name, str(number)), gpu[key]


def governance() -> Iterator[Metric]:
    """Yield when sweeps ended, and how far the audit log is and is anchored."""
    ends = dict(latest_of_each().values_list("state", "ended_at"))
    last, good = max(filter(None, ends.values()), default=None), ends.get(Run.State.DONE)
    verified = Verification.objects.filter(sound__isnull=False).values_list("ended_at", "sound").first()
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq FROM audit_head WHERE id = 1")
        [head] = cursor.fetchone()
    yield _gauge("hearth_sweep_end_timestamp_seconds", "When the last sweep ended, however.", _moment(last))
    yield _gauge("hearth_sweep_success_timestamp_seconds", "When a sweep ended well last.", _moment(good))
    yield _gauge("hearth_audit_head_seq", "The number of the last entry of the audit log.", [((), head)])
    sound: Values = [((), float(bool(verified[1])))] if verified else []
    at = _moment(verified[0] if verified else None)
    yield _gauge("hearth_audit_verified_timestamp_seconds", "When the log was verified last.", at)
    yield _gauge("hearth_audit_verified_sound", "Whether it was sound then: 1 or 0.", sound)


def _moment(at: datetime | None) -> Values:
    return [((), at.timestamp())] if at else []


def of_database() -> list[Metric]:
    """Read what PostgreSQL knows. Raises DatabaseError."""
    try:
        return [*queue(), *ended(), *rates(), *machines(), *governance()]
    finally:
        if not connection.in_atomic_block:
            connection.close()


def of_redis() -> list[Metric]:
    """Read the pulses. Raises redis.RedisError."""
    ages: Values = [(_role_of(name), age) for name, age in sorted(pulses.ages().items())]
    return [_gauge("hearth_pulse_age_seconds", "Seconds since a process gave a sign of life.", ages, ("role", "host"))]


def _role_of(name: str) -> Labels:
    return ("host", name.removeprefix(pulses.HOSTS)) if name.startswith(pulses.HOSTS) else (name, "")


def of_disk() -> list[Metric]:
    """Read how much room there is, and the last anchor. Raises OSError and ValueError."""
    free: Values = [((name,), left) for name, left in checks.free_bytes().items()]
    last = checks.last_anchor()
    at: Values = [((), last.at / 1_000_000)] if last else []
    reached: Values = [((), last.seq)] if last else []
    return [
        _gauge("hearth_disk_free_bytes", "Room where Hearth keeps something, by what lies there.", free, ("folder",)),
        _gauge("hearth_anchor_timestamp_seconds", "When the audit log was anchored last.", at),
        _gauge("hearth_anchor_seq", "The last entry of the audit log that is anchored.", reached),
    ]


@cache
def sources() -> Mapping[str, "Source[list[Metric]]"]:
    """Return what is asked at a scrape, each in a thread of its own."""
    asks: Mapping[str, Callable[[], list[Metric]]] = {"database": of_database, "redis": of_redis, "disk": of_disk}
    return {name: Source(ask) for name, ask in asks.items()}


class Scraped:
    """What one scrape brings, for Prometheus's own writer. What did not answer is missing, and is said to be."""

    def __init__(self, found: Mapping[str, bool], metrics: list[Metric]) -> None:
        self.found, self.metrics = found, metrics

    def collect(self) -> Iterator[Metric]:
        """Yield everything."""
        yield from self.metrics
        up: Values = [((name,), float(there)) for name, there in self.found.items()]
        yield _gauge("hearth_source_up", "Whether what is asked at a scrape has answered: 1 or 0.", up, ("source",))


def scraped(futures: Mapping[str, Any]) -> Scraped:
    """Return what has been answered until now."""
    answers = {name: answer_of(future) for name, future in futures.items()}
    metrics = [metric for answer in answers.values() if answer is not None for metric in answer]
    return Scraped({name: answer is not None for name, answer in answers.items()}, metrics)


def of_checks(found: list[checks.Found]) -> Metric:
    """Return how the checks are: 1 where one is well, else 0."""
    values: Values = [((one.name,), float(one.ok)) for one in found]
    return _gauge("hearth_check_ok", "How the checks behind /readyz are: 1 is well.", values, ("check",))
