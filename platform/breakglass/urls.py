"""The doors of break-glass. What is read under a glass has its doors where chats live."""

from django.urls import path

from breakglass import views

app_name = "breakglass"
urlpatterns = [
    path("", views.requests, name="requests"),
    path("ask/", views.ask, name="ask"),
    path("about-me/", views.about_me, name="about_me"),
    path("notices/", views.notices, name="notices"),
    path("<int:glass>/", views.request_page, name="request"),
    path("<int:glass>/approve/", views.approve, name="approve"),
    path("<int:glass>/refuse/", views.refuse, name="refuse"),
    path("<int:glass>/end/", views.end, name="end"),
    path("<int:glass>/dismiss/", views.dismiss, name="dismiss"),
]
