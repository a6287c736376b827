"""The doors of accounts beside those of allauth."""

from django.urls import path

from accounts import views, you_views

app_name = "accounts"
urlpatterns = [
    path("setup/<str:token>/", views.setup, name="setup"),
    path("account/password/reset/", views.forgotten, name="forgotten"),  # before allauth's own
    path("you/", you_views.you, name="you"),
    path("you/sessions/", you_views.sessions, name="sessions"),
    path("you/sessions/end/", you_views.end_session, name="end_session"),
    path("you/sessions/end-others/", you_views.end_other_sessions, name="end_other_sessions"),
]
