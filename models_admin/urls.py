"""The doors of the registry of models."""

from django.urls import path

from models_admin import views

app_name = "models_admin"
urlpatterns = [
    path("teams/<uuid:team>/models/", views.team_models, name="team_models"),
]
