"""Each change of a prompt, as the whole story of one transaction. Who may is asked anew each time: raises Refused.

What changes for others leaves an entry: ids, the shelf and a number, never a word of the prompt.
"""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.refusal import Refusal
from audit import verbs
from audit.actions import record
from audit.entry import Target
from audit.verbs import Verb
from prompts.models import Prompt, Version
from prompts.shelves import Place, Shelf, place_of, require_writing

MOST = 500  # prompts on one shelf


@dataclass(frozen=True, slots=True)
class Words:
    """What a prompt says."""

    name: str
    title: str
    text: str
    starter: bool = False


@transaction.atomic
def make(place: Place, words: Words, *, by: User) -> Prompt:
    """Put a prompt on a shelf. Raises Refusal for a name that is taken there."""
    require_writing(by, place)
    rows = Prompt.objects.filter(owner=place.owner, team=place.team, deleted_at=None)
    if rows.count() >= MOST:
        raise Refusal(_("There are %(most)s prompts on this shelf. Delete one first.") % {"most": MOST})
    try:
        with transaction.atomic():
            prompt = Prompt.objects.create(
                owner=place.owner,
                team=place.team,
                name=words.name,
                title=words.title,
                text=words.text,
                starter=words.starter,
            )
    except IntegrityError:
        raise Refusal(_taken(words.name)) from None
    Version.objects.create(prompt=prompt, number=1, title=words.title, text=words.text, by=by.pk)
    _tell(verbs.PROMPT_MADE, prompt, 1)
    return prompt


@transaction.atomic
def change(prompt: Prompt, words: Words, *, seen: int, by: User) -> Prompt:
    """Save other words. `seen` is the version that was changed: who is late is told. Raises Refusal."""
    current = _locked(prompt, by)
    if current.version != seen:
        raise Refusal(_("Somebody has changed this prompt meanwhile. Copy what you wrote and open it again."))
    return _save(current, words, by)


@transaction.atomic
def use_again(prompt: Prompt, number: int, *, by: User) -> Prompt:
    """Save what a prompt once said as its latest version. Raises Version.DoesNotExist."""
    current = _locked(prompt, by)
    old = current.versions.get(number=number)
    return _save(current, Words(current.name, old.title, old.text, current.starter), by)


def _locked(prompt: Prompt, by: User) -> Prompt:
    """Raises Prompt.DoesNotExist once it is deleted."""
    rows = Prompt.objects.select_for_update(of=("self",)).select_related("owner", "team")
    current = rows.get(pk=prompt.pk, deleted_at=None)
    require_writing(by, place_of(current))
    return current


def _save(current: Prompt, words: Words, by: User) -> Prompt:
    before = (current.name, current.title, current.text, current.starter)
    if before == (words.name, words.title, words.text, words.starter):
        return current
    said_otherwise = before[1:3] != (words.title, words.text)
    number = current.version + said_otherwise
    current.name, current.title, current.text, current.starter = words.name, words.title, words.text, words.starter
    current.version = number
    try:
        with transaction.atomic():
            current.save(update_fields=["name", "title", "text", "starter", "version"])
    except IntegrityError:
        raise Refusal(_taken(words.name)) from None
    Prompt.objects.filter(pk=current.pk).update(changed_at=Now())
    if said_otherwise:
        Version.objects.create(prompt=current, number=number, title=words.title, text=words.text, by=by.pk)
    _tell(verbs.PROMPT_CHANGED, current, number)
    return current


@transaction.atomic
def delete(prompt: Prompt, *, by: User) -> None:
    """Take a prompt off its shelf. It can be put back for a day."""
    current = _locked(prompt, by)
    Prompt.objects.filter(pk=current.pk).update(deleted_at=Now())
    _tell(verbs.PROMPT_DELETED, current, current.version)


@transaction.atomic
def restore(prompt: Prompt, *, by: User) -> None:
    """Put a deleted prompt back. Raises Refusal where another one has its name by now."""
    rows = Prompt.objects.select_for_update(of=("self",)).select_related("owner", "team")
    current = rows.get(pk=prompt.pk, deleted_at__isnull=False)
    require_writing(by, place_of(current))
    try:
        with transaction.atomic():
            Prompt.objects.filter(pk=current.pk).update(deleted_at=None)
    except IntegrityError:
        raise Refusal(_taken(current.name)) from None
    _tell(verbs.PROMPT_RESTORED, current, current.version)


@transaction.atomic
def copy(prompt: Prompt, *, by: User) -> Prompt:
    """Put a copy on the person's own shelf, under a name that is free there."""
    mine = set(Prompt.objects.filter(owner=by, deleted_at=None).values_list("name", flat=True))
    names = (prompt.name if n == 1 else f"{prompt.name[:36]}-{n}" for n in range(1, MOST + 2))
    name = next(name for name in names if name not in mine)
    return make(Place(owner=by), Words(name, prompt.title, prompt.text), by=by)


def _taken(name: str) -> str:
    return _("Another prompt on this shelf is called /%(name)s.") % {"name": name}


def _tell(verb: Verb, prompt: Prompt, version: int) -> None:
    """Write the entry of a shared prompt. One's own are nobody else's business."""
    if prompt.shelf == Shelf.OWN:
        return
    targets = [Target("prompt", prompt.pk), *([Target("team", prompt.team_id)] if prompt.team_id else [])]
    record(verb, targets=targets, facts={"shelf": prompt.shelf.value, "version": version})
