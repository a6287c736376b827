"""Prompts that people keep, share and put behind a slash."""

from django.urls import URLPattern

app_name = "prompts"
urlpatterns: list[URLPattern] = []
