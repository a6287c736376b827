"""The doors of what can leave the house."""

from django.urls import path

from egress import views

app_name = "egress"
urlpatterns = [
    path("egress/", views.page, name="page"),
    path("egress/test/", views.test, name="test"),
]
