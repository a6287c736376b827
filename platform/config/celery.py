"""The Celery application: a doorbell and a clock, no more."""

import os
from typing import Any

import structlog
from celery import Celery
from celery.signals import beat_init, task_postrun, task_prerun, worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("hearth")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
@beat_init.connect
def refuse_a_newer_database(**signal: Any) -> None:
    """Celery's own signal, before it takes any work: what is older than its database does not start."""
    from config.schema import at_start  # the apps are ready now

    at_start()


@task_prerun.connect
def name_lines(task_id: str, task: Any, **signal: Any) -> None:
    """Every line of the log that a task writes carries the task's name and id."""
    structlog.contextvars.bind_contextvars(task=task.name, task_id=task_id)


@task_postrun.connect
def name_lines_no_more(**signal: Any) -> None:
    """The thread does something else from now on."""
    structlog.contextvars.unbind_contextvars("task", "task_id")
