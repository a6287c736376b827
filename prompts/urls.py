"""Prompts that people keep, share and put behind a slash."""

from django.urls import path

from prompts import views

app_name = "prompts"
urlpatterns = [
    path("", views.library, name="library"),
    path("pick/", views.pick, name="pick"),
    path("new/", views.make_own, name="make_own"),
    path("new/team/<uuid:team>/", views.make_for_team, name="make_for_team"),
    path("new/organisation/", views.make_for_all, name="make_for_all"),
    path("<uuid:pk>/", views.prompt, name="prompt"),
    path("<uuid:pk>/text/", views.text, name="text"),
    path("<uuid:pk>/change/", views.change, name="change"),
    path("<uuid:pk>/copy/", views.copy, name="copy"),
    path("<uuid:pk>/delete/", views.delete, name="delete"),
    path("<uuid:pk>/restore/", views.restore, name="restore"),
    path("<uuid:pk>/versions/", views.versions, name="versions"),
    path("<uuid:pk>/versions/<int:number>/", views.use_again, name="use_again"),
]
