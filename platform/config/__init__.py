"""The composition root: the only package that knows everyone."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
