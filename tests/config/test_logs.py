"""Log lines are JSON: ids appear in them, content cannot."""

import ast
import io
import json
import logging
from pathlib import Path
from typing import Any

from config.logs import TOLD, formatter

ROOT = Path(__file__).resolve().parents[2]


def line(**extra: object) -> dict[str, Any]:
    """Return what a log call with these extras writes."""
    handler = logging.StreamHandler(written := io.StringIO())
    handler.setFormatter(formatter())
    record = logging.getLogger("chat.serving").makeRecord("chat.serving", logging.WARNING, "", 0, "replaced", (), None)
    record.__dict__.update(extra)
    handler.handle(record)
    told: dict[str, Any] = json.loads(written.getvalue())
    return told


def test_ids_and_counts_appear() -> None:
    told = line(generation="7d1f", attempt=2)
    assert (told["event"], told["logger"], told["level"]) == ("replaced", "chat.serving", "warning")
    assert (told["generation"], told["attempt"]) == ("7d1f", 2)


def test_content_does_not_appear() -> None:
    secret = "what somebody wrote"
    told = line(text=secret, prompt=secret, title=secret, request={"body": secret}, password=secret)
    assert secret not in json.dumps(told)


def test_nobody_begins_a_line_of_their_own() -> None:
    forged = 'away\n{"event": "signed in", "level": "info"}\r\x1b[2K\u2028'
    told = line(reason=forged)
    assert (told["event"], told["reason"]) == ("replaced", forged)


def extras() -> set[str]:
    """Return every name that the product's code gives to a log line by `extra`."""
    found = set()
    for file in [
        *(ROOT / "platform").rglob("*.py"),
        *(ROOT / "chat").rglob("*.py"),
        *ROOT.glob("models_admin/**/*.py"),
    ]:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.keyword) and node.arg == "extra" and isinstance(node.value, ast.Dict):
                found |= {str(key.value) for key in node.value.keys if isinstance(key, ast.Constant)}
    return found


def test_every_name_that_is_given_is_told() -> None:
    assert extras() - TOLD == set()


def test_lines_of_a_task_carry_its_name_and_id_and_no_other_line_does() -> None:
    from celery import current_app

    @current_app.task(name="tests.write_a_line")
    def write_a_line() -> None:
        written.append(line())

    written: list[dict[str, Any]] = []
    write_a_line.apply(task_id="7d1f")
    assert [(one["task"], one["task_id"]) for one in written] == [("tests.write_a_line", "7d1f")]
    assert "task_id" not in line()
