"""Chats that come in and go out: exports and imports."""

from django.urls import URLPattern

app_name = "moving"
urlpatterns: list[URLPattern] = []
