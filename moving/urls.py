"""Chats that come in and go out: exports and imports."""

from django.urls import path

from moving import export_views, import_views

app_name = "moving"
urlpatterns = [
    path("", import_views.home, name="home"),
    path("imports/", import_views.begin, name="begin"),
    path("imports/<uuid:move>/", import_views.show, name="import"),
    path("imports/<uuid:move>/file/", import_views.piece, name="piece"),
    path("imports/<uuid:move>/start/", import_views.start, name="start"),
    path("imports/<uuid:move>/file/cancel/", import_views.cancel, name="cancel"),
    path("imports/<uuid:move>/delete/", import_views.delete, name="delete"),
    path("<uuid:conversation>/markdown/", export_views.markdown, name="markdown"),
    path("<uuid:conversation>/json/", export_views.as_json, name="json"),
    path("<uuid:conversation>/print/", export_views.printed, name="print"),
]
