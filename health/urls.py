"""The page of health. Doors for machines stand before Django: `health.probes`."""

from django.urls import path

from health import views

app_name = "health"
urlpatterns = [path("health/", views.show, name="show")]
