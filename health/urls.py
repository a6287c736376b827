"""Doors for probes, metrics and the page of health."""

from django.urls import URLPattern

app_name = "health"
urlpatterns: list[URLPattern] = []
