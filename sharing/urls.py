"""Read-only snapshots of chats, inside the organisation."""

from django.urls import path

from sharing import views

app_name = "sharing"
urlpatterns = [
    path("", views.with_me, name="with_me"),
    path("mine/", views.by_me, name="by_me"),
    path("people/", views.people, name="people"),
    path("new/<uuid:pk>/", views.new, name="new"),
    path("<uuid:pk>/", views.share, name="share"),
    path("<uuid:pk>/still/", views.still, name="still"),
    path("<uuid:pk>/copy/", views.copy, name="copy"),
    path("<uuid:pk>/mine/", views.mine, name="mine"),
    path("<uuid:pk>/revoke/", views.revoke, name="revoke"),
    path("<uuid:pk>/end/", views.end, name="end"),
    path("<uuid:pk>/readers/<uuid:reader>/drop/", views.drop, name="drop"),
]
