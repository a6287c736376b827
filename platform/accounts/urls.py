"""The doors of accounts beside those of allauth."""

from django.urls import path

from accounts import views

app_name = "accounts"
urlpatterns = [
    path("setup/<str:token>/", views.setup, name="setup"),
    path("account/password/reset/", views.forgotten, name="forgotten"),  # before allauth's own
]
