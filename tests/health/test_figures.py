"""Figures are counted as answers end, cost a handful of queries, and name nobody."""

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.db import connection
from django.db.models import F
from django.db.models.functions import Now
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from factories import asked, heard, make_deployment, make_user
from prometheus_client import generate_latest
from prometheus_client.parser import text_string_to_metric_families

from audit import anchoring, verbs
from audit.actions import record
from audit.models import Verification
from chat.models import Generation
from health import figures, metrics, pulses, tallying
from health.checks import Found
from health.models import Tally
from models_admin import live, placing
from models_admin.engine.protocol import Ready
from models_admin.hosting import me
from models_admin.models import Host
from retention import sweeping
from retention.models import Run

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
State = Generation.State
SECRET = "marmalade"
READY = Ready("Stub", "ab" * 32, "stub", "none", context=512, slots=8, load_seconds=0.1)
NAME = re.compile(r"\bhearth_[a-z_]+\b")


def ended(state: str, *, seconds: float | None = 1.5, tokens: int = 10, ago: int = 20, rounds: int = 1) -> Generation:
    """An answer that has ended some seconds ago, and said its first word some seconds after it was asked for."""
    ada = make_user(f"ada{Generation.objects.for_housekeeping().count()}@example.org")
    one = asked(ada, SECRET)
    facts: dict[str, Any] = {"state": state, "ended_at": Now() - timedelta(seconds=ago), "rounds": rounds}
    if seconds is not None:
        facts["first_word_at"] = F("queued_at") + timedelta(seconds=seconds)
    Generation.objects.for_housekeeping().filter(pk=one.pk).update(output_tokens=tokens, **facts)
    return one


def begun(seconds: int = 60) -> None:
    tallying.tally()
    Tally.objects.update(until=Now() - timedelta(seconds=seconds))


def test_answers_are_counted_once_as_they_end() -> None:
    ended(State.DONE)  # before anybody counted
    tallying.tally()
    assert tallying.counted().ended == dict.fromkeys(tallying.STATES, 0)
    begun()
    Generation.objects.for_housekeeping().update(ended_at=Now() - timedelta(seconds=70))
    ended(State.DONE, seconds=0.3), ended(State.DONE, seconds=4), ended(State.STOPPED, seconds=None, tokens=0)
    ended(State.FAILED, seconds=None, tokens=0), ended(State.DONE, seconds=900, rounds=2), ended(State.DONE, ago=3)
    for _ in range(3):
        tallying.tally()
    told = tallying.counted()
    assert told.ended == {"done": 3, "stopped": 1, "interrupted": 0, "failed": 1}
    assert (told.tokens, told.heard, round(told.seconds, 3)) == (30, 2, 4.3)
    assert told.within == (0, 1, 1, 1, 2, 2, 2, 2)
    Generation.objects.for_housekeeping().filter(ended_at__gt=Now() - timedelta(seconds=5)).update(
        ended_at=Now() - timedelta(seconds=11)
    )
    Tally.objects.update(until=Now() - timedelta(seconds=12))
    tallying.tally()
    assert tallying.counted().ended["done"] == 4


def test_what_ended_is_found_by_indexes() -> None:
    make_deployment()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {tallying.ENDED}", {"since": timezone.now(), "until": timezone.now()})
        plan = "\n".join(row[0] for row in cursor.fetchall())
        cursor.execute("SET LOCAL enable_seqscan = on")
    assert "chat_done_lately" in plan
    assert "chat_cut_lately" in plan
    assert "Seq Scan on chat_generation" not in plan


def everything(settings: Any) -> None:
    """A house with something behind every figure."""
    one = asked(make_user(), SECRET)
    Generation.objects.for_housekeeping().filter(pk=one.pk).update(
        state=State.RUNNING, attempt=1, lease_until=Now() + timedelta(minutes=1)
    )
    asked(make_user("bob@example.org"), SECRET)
    gpu = {"name": "H200", "total": 100, "free": 40, "busy": 7, "celsius": 40}
    heard()
    Host.objects.filter(pk=me().pk).update(gpus=[gpu])
    placing.ready(one.deployment, READY)
    live.tell(me().pk, {str(one.deployment_id): {"said": 31.5, "read": 80.0}})
    sweeping.sweep()
    record(verbs.SETUP_LINK_MADE)
    anchoring.anchor(now=timezone.now())
    Verification.objects.create(ended_at=timezone.now(), sound=True)
    for whose in (pulses.BEAT, pulses.HOUSEKEEPING, pulses.of_host()):
        pulses.mark(whose)
    Client().get("/account/login/")


def scraped() -> str:
    """Return what a scrape of this house says."""
    house = figures.Scraped(
        {"database": True, "redis": True, "disk": True},
        [*figures.of_database(), *figures.of_redis(), *figures.of_disk(), figures.of_checks([Found("disk", True)])],
    )
    return (generate_latest(metrics.REGISTRY) + generate_latest(house)).decode()


def families(text: str) -> dict[str, Any]:
    return {family.name: family for family in text_string_to_metric_families(text)}


def test_a_scrape_says_what_the_house_does(settings: Any) -> None:
    everything(settings)
    told = families(scraped())

    def value(name: str, **labels: str) -> float:
        (found,) = [one.value for one in told[name].samples if one.labels == labels]
        return float(found)

    assert value("hearth_answers_waiting", deployment="Stub") == 1
    assert value("hearth_answers_running", deployment="Stub") == 1
    assert (value("hearth_leases", state="live"), value("hearth_leases", state="expired")) == (1, 0)
    assert value("hearth_hosts_heard") == value("hearth_model_ready_hosts", deployment="Stub") == 1
    assert value("hearth_tokens_said_per_second", deployment="Stub") == 31.5
    assert value("hearth_gpu_memory_free_bytes", host=settings.HOST, gpu="0") == 40
    assert value("hearth_pulse_age_seconds", role="host", host=settings.HOST) < 5
    assert value("hearth_audit_head_seq") >= value("hearth_anchor_seq") > 0
    assert value("hearth_sweep_success_timestamp_seconds") == pytest.approx(timezone.now().timestamp(), abs=60)
    assert value("hearth_check_ok", check="disk") == 1
    assert value("hearth_audit_verified_sound") == 1
    assert value("hearth_disk_free_bytes", folder="files") > 0


def test_a_scrape_names_nobody_and_says_nothing_of_theirs(settings: Any) -> None:
    everything(settings)
    text = scraped()
    for secret in (SECRET, "example.org", "ada", str(Generation.objects.for_housekeeping().first().pk)):  # type: ignore[union-attr]
        assert secret not in text.lower()
    labels = {name for family in families(text).values() for one in family.samples for name in one.labels}
    assert labels <= {
        *("method", "route", "status", "le", "deployment", "state", "host", "gpu"),
        *("folder", "role", "check", "source"),
    }


def test_a_scrape_asks_a_handful_of_questions(settings: Any) -> None:
    everything(settings)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        figures.of_database()
    few = len(queries)
    assert few <= 10
    for n in range(5):
        make_deployment(f"stub:?n={n}", name=f"Stub {n}")
    with CaptureQueriesContext(connection) as queries:
        figures.of_database()
    assert len(queries) == few


def test_the_last_sweeps_are_found_by_an_index_however_they_ended() -> None:
    now = timezone.now()
    for state, ago in (("done", 50), ("failed", 30), ("broken", 40), ("running", None)):
        ended_at = None if ago is None else now - timedelta(seconds=ago)
        Run.objects.create(state=state, ended_at=ended_at, key=b"k")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_sort = off")
    with CaptureQueriesContext(connection) as queries:
        told = {metric.name: metric.samples for metric in figures.governance()}
    [last], [good] = (told[f"hearth_sweep_{which}_timestamp_seconds"] for which in ("end", "success"))
    assert (last.value, good.value) == pytest.approx((now.timestamp() - 30, now.timestamp() - 50))
    looked = [one["sql"] for one in queries if "retention_run" in one["sql"]]
    assert looked
    for sql in looked:
        plan = "\n".join(row[0] for row in rows_of(f"EXPLAIN {sql}"))
        assert "runs_by_end" in plan
        assert "Sort" not in plan


def rows_of(sql: str) -> list[tuple[str]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def test_requests_are_counted_by_route_and_never_by_path(client: Client) -> None:
    def count(route: str, status: str) -> float:
        return float(metrics.REQUESTS.labels("GET", route, status)._value.get())

    before = count("account_login", "2xx"), count("none", "4xx"), count("chat:conversation", "3xx")
    client.get("/account/login/")
    client.get(f"/{SECRET}/")
    client.get("/chats/5c0ffee5-0000-4000-8000-5c0ffee50000/")
    assert count("account_login", "2xx") == before[0] + 1
    assert count("none", "4xx") == before[1] + 1
    assert count("chat:conversation", "3xx") == before[2] + 1
    text = generate_latest(metrics.REGISTRY).decode()
    assert SECRET not in text
    assert "5c0ffee5" not in text


def test_a_method_that_somebody_made_up_is_one_label() -> None:
    Client().generic("MARMALADE", "/account/login/")
    assert SECRET not in generate_latest(metrics.REGISTRY).decode().lower()


def exported(settings: Any) -> set[str]:
    """Return every name of a sample that a scrape can bring."""
    everything(settings)
    return {one.name for family in families(scraped()).values() for one in family.samples}


def test_every_metric_is_explained_and_no_other(settings: Any) -> None:
    text = (ROOT / "docs/health.md").read_text()
    explained = set(NAME.findall(text))
    names = {re.sub(r"_(bucket|sum|count)$", "", name) for name in exported(settings)}
    assert {name for name in names if not name.startswith("hearth_process_")} == {
        name for name in explained if not name.startswith("hearth_process_")
    }


def expressions() -> list[str]:
    board = json.loads((ROOT / "tools/compose/grafana/hearth.json").read_text())
    shown = [target["expr"] for panel in board["panels"] for target in panel.get("targets", ())]
    rules = yaml.safe_load((ROOT / "tools/compose/alerts.yml").read_text())
    return shown + [rule["expr"] for group in rules["groups"] for rule in group["rules"]]


def test_boards_and_rules_ask_for_nothing_that_is_not_there(settings: Any) -> None:
    names = exported(settings)
    asked_for = {name for expression in expressions() for name in NAME.findall(expression)}
    assert len(asked_for) > 25
    assert asked_for - names == set()


def test_every_rule_says_what_helps_and_is_explained() -> None:
    rules = yaml.safe_load((ROOT / "tools/compose/alerts.yml").read_text())["groups"][0]["rules"]
    text = (ROOT / "docs/health.md").read_text()
    assert [rule["alert"] for rule in rules if f"`{rule['alert']}`" not in text] == []
    assert all(rule["annotations"]["summary"] and rule["labels"]["severity"] for rule in rules)


def test_prometheus_asks_with_the_token_and_reads_the_rules() -> None:
    wanted = yaml.safe_load((ROOT / "tools/compose/prometheus.yml").read_text())
    (job,) = wanted["scrape_configs"]
    assert (job["metrics_path"], job["authorization"]["type"]) == ("/metrics", "Bearer")
    assert wanted["rule_files"] == ["/etc/prometheus/alerts.yml"]
