"""Fetches a model file from a hub, for those who are online and ask for it. Nothing else in Hearth calls outside.

It needs the extra `fetch`, so only the command imports it.
"""

import fcntl
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from huggingface_hub import get_hf_file_metadata, get_token, hf_hub_url
from huggingface_hub.errors import GatedRepoError, HfHubHTTPError, HFValidationError, OfflineModeIsEnabled
from huggingface_hub.file_download import http_get

from models_admin.engine.header import BadModel, read_header, sha256_of

REPOSITORY, FILE = "Qwen/Qwen2.5-1.5B-Instruct-GGUF", "qwen2.5-1.5b-instruct-q4_k_m.gguf"
SHA256 = re.compile(r"[0-9a-f]{64}")


class CannotFetch(Exception):
    """The file is not there; the message is a sentence for the operator."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What the hub has: one version of one file. `sha256` is empty where the hub does not tell it."""

    url: str
    version: str
    size: int | None
    sha256: str


def fetch(folder: Path, *, repository: str, file: str) -> Path:
    """Return the fetched and checked file in `folder`, its hash beside it. Raises CannotFetch.

    What a download that was cut off has left is kept, and the next one goes on behind it.
    """
    target = folder / Path(file).name
    with _in_words(repository, file):
        folder.mkdir(parents=True, exist_ok=True)
        offer = _offer(repository, file)
        if not _is_here(target, offer):
            _download(target, offer)
    return target


def record_of(target: Path) -> Path:
    """Return the file that holds its hash, as `sha256sum --check` reads it."""
    return target.with_name(f"{target.name}.sha256")


def _headers() -> dict[str, str]:
    """Return what every request carries: bytes as they are, and who asks, where HF_TOKEN or a sign-in says so."""
    token = get_token()
    return {"accept-encoding": "identity"} | ({"authorization": f"Bearer {token}"} if token else {})


def _offer(repository: str, file: str) -> Offer:
    found = get_hf_file_metadata(hf_hub_url(repository, file), headers=_headers())
    if not found.commit_hash or not found.etag:
        raise CannotFetch("What answered is not a hub; a proxy may ask for a sign-in.")
    url = hf_hub_url(repository, file, revision=found.commit_hash)
    return Offer(url, found.etag, found.size, found.etag if SHA256.fullmatch(found.etag) else "")


def _is_here(target: Path, offer: Offer) -> bool:
    """Return whether this version was fetched before. One without a hash on the hub is fetched anew."""
    if not target.is_file() or not offer.sha256 or sha256_of(str(target)) != offer.sha256:
        return False
    _note(target, offer.sha256)
    return True


def _note(target: Path, sha256: str) -> None:
    record_of(target).write_text(f"{sha256}  {target.name}\n")


def _download(target: Path, offer: Offer) -> None:
    """Fetch into a file of the version's own, check it, and put it in place."""
    part = target.with_name(f"{target.name}.{re.sub(r'[^0-9A-Za-z]', '', offer.version)[:16]}.part")
    with part.open("ab") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotFetch(f"Another process fetches {target.name} already.") from None
        # Not hf_hub_download: that one throws away what a cut has left.
        http_get(
            offer.url,
            stream,
            resume_size=stream.tell(),
            headers=_headers(),
            expected_size=offer.size,
            displayed_filename=target.name,
        )
        stream.flush()
        sha256 = _checked(part, offer)
        part.replace(target)
    _note(target, sha256)


def _checked(part: Path, offer: Offer) -> str:
    """Return the hash of what came. What is not the hub's file, or not a model, is thrown away."""
    sha256 = sha256_of(str(part))
    try:
        if offer.sha256 and sha256 != offer.sha256:
            raise BadModel(f"Its SHA-256 is {sha256}, the hub says {offer.sha256}.")
        read_header(str(part))
    except BadModel as reason:
        part.unlink()
        raise CannotFetch(f"What came is not the model and was thrown away. {reason}") from None
    return sha256


@contextmanager
def _in_words(repository: str, file: str) -> Iterator[None]:
    """Turn what goes wrong between here and the hub into a sentence."""
    try:
        yield
    except HFValidationError:
        raise CannotFetch(f"{repository} is not the name of a repository; it reads owner/name.") from None
    except GatedRepoError:
        raise CannotFetch(f"{repository} asks for consent on the hub's page first, then for HF_TOKEN.") from None
    except HfHubHTTPError as error:
        status = error.response.status_code
        if status in (401, 404):
            raise CannotFetch(f"The hub has no {file} in {repository}.") from None
        raise CannotFetch(f"The hub refuses ({status}). What has come is kept; try again later.") from None
    except (httpx.HTTPError, OfflineModeIsEnabled) as error:
        raise CannotFetch(
            f"The hub cannot be reached ({type(error).__name__}). What has come is kept; any other way to get a GGUF "
            "file here will do as well."
        ) from None
    except OSError as error:
        raise CannotFetch(f"The file could not be fetched: {error.strerror or error}") from None
