"""Which file is hosted, and how."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from models_admin.models import Deployment
from models_admin.seat import spec_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "model.gguf"
    path.write_bytes(b"GGUF")
    return path


def deploy(file: Path, *words: str) -> Deployment:
    call_command("deploy_model", "--path", str(file), *words)
    return Deployment.objects.get(path=str(file))


def test_every_setting_reaches_the_engine(file: Path) -> None:
    sizes = ("--slots=16", "--context=8192", "--threads=3", "--shelf-megabytes=64")
    gpus = ("--gpu-layers=-1", "--main-gpu=1", "--kv-type=q8_0", "--flash-attention", "--tensor-split", "3", "1")
    spec = spec_of(deploy(file, *sizes, *gpus))
    assert (spec.slots, spec.context, spec.threads, spec.gpu_layers, spec.main_gpu) == (16, 8192, 3, -1, 1)
    assert (spec.tensor_split, spec.kv_type, spec.flash_attention) == ((3.0, 1.0), "q8_0", True)
    assert spec.shelf_bytes == 64 * 1024 * 1024


def test_what_is_not_named_stays_as_it_was(file: Path) -> None:
    deploy(file, "--slots", "16")
    assert deploy(file, "--context", "1024").slots == 16
    assert spec_of(Deployment.objects.get()).flash_attention is None


def test_one_file_is_hosted_at_a_time(file: Path, tmp_path: Path) -> None:
    first = deploy(file)
    other = tmp_path / "other.gguf"
    other.write_bytes(b"GGUF")
    deploy(other)
    first.refresh_from_db()
    assert not first.enabled


def test_a_compressed_cache_without_flash_attention_is_refused(file: Path) -> None:
    with pytest.raises(CommandError, match="needs flash attention"):
        deploy(file, "--kv-type", "q4_0", "--no-flash-attention")
    deployment = deploy(file)
    with pytest.raises(IntegrityError), transaction.atomic():
        Deployment.objects.filter(pk=deployment.pk).update(kv_type="q4_0", flash_attention=False)


def test_a_missing_file_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"There is no model file at .*nowhere\.gguf\."):
        call_command("deploy_model", "--path", str(tmp_path / "nowhere.gguf"))
