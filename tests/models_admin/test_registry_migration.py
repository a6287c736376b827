"""Deployments from before the registry get their files' rows."""

from importlib import import_module

import pytest
from django.apps import apps
from factories import make_deployment

from models_admin.models import Deployment, ModelFile

pytestmark = pytest.mark.django_db
link = import_module("models_admin.migrations.0006_deployed_files").register_what_is_deployed


def test_what_was_deployed_is_in_the_registry_and_waits_for_its_hash() -> None:
    deployment, stub = make_deployment("/models/a.gguf", name="A", demo=True), make_deployment()
    link(apps, None)
    link(apps, None)
    file = ModelFile.objects.get()
    assert (file.path, file.name, file.demo, file.state, file.sha256) == ("/models/a.gguf", "A", True, "found", "")
    assert Deployment.objects.get(pk=deployment.pk).model == file
    assert Deployment.objects.get(pk=stub.pk).model is None
