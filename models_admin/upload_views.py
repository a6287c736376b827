"""Where pieces of model files arrive. Answers are JSON for the page's script; `why` is a sentence for the person."""

from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from accounts import pieces
from accounts.doors import Keeper, found
from accounts.refusal import Refusal
from models_admin import uploading
from models_admin.doors import of_models
from models_admin.models import Upload

NO_RANGE = gettext_lazy("This piece does not say where it belongs. Load the page once more.")


@require_POST
@of_models
def begin(request: Keeper) -> JsonResponse:
    """Begin an upload, or go on with one's own of the same name and size."""
    name, size = request.POST.get("name", ""), request.POST.get("size", "")
    try:
        upload = uploading.begin(name=name, size=int(size[:18]) if size.isdecimal() else 0, by=request.user)
    except Refusal as refusal:
        return JsonResponse({"why": str(refusal)}, status=409)
    address = reverse("models_admin:piece", args=[upload.pk])
    more = {"address": address, "token": uploading.token_of(upload), "piece": pieces.PIECE}
    return JsonResponse(_told(upload) | more)


@require_http_methods(["GET", "PUT"])
@of_models
def piece(request: Keeper, upload: UUID) -> JsonResponse:
    """Say how much is there; or take a piece, which says by Content-Range where it belongs."""
    mine = found(request, uploading.uploads_of(request.user), upload)
    return JsonResponse(_told(mine)) if request.method == "GET" else _put(request, mine)


def _put(request: Keeper, mine: Upload) -> JsonResponse:
    spot = pieces.place(request.headers.get("Content-Range", ""), size=mine.size)
    if spot is None:
        return JsonResponse({"why": NO_RANGE}, status=400)
    try:
        return JsonResponse(_told(uploading.take(mine, start=spot[0], body=request, length=spot[1])))
    except pieces.Misplaced:
        fresh = Upload.objects.filter(pk=mine.pk).first()
        return JsonResponse(_told(fresh or mine), status=409)
    except Refusal as refusal:
        return JsonResponse({"why": str(refusal)}, status=409)


def _told(upload: Upload) -> dict[str, object]:
    whole = upload.received == upload.size
    return {"received": upload.size if whole else uploading.received(upload), "size": upload.size, "whole": whole}


@require_POST
@of_models
def cancel(request: Keeper, upload: UUID) -> HttpResponse:
    """Give an upload up."""
    uploading.cancel(found(request, uploading.uploads_of(request.user), upload))
    return redirect("models_admin:files")
