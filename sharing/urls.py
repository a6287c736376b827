"""Read-only snapshots of chats, inside the organisation."""

from django.urls import URLPattern

app_name = "sharing"
urlpatterns: list[URLPattern] = []
