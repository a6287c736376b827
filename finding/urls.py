"""Finding chats again: search, and the palette of everything that can be reached by its name."""

from django.urls import URLPattern

app_name = "finding"
urlpatterns: list[URLPattern] = []
