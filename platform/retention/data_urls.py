"""One's own data: to take along, and to have erased."""

from django.urls import path

from retention import data_views

app_name = "you"
urlpatterns = [
    path("", data_views.data, name="data"),
    path("copies/", data_views.ask, name="ask"),
    path("copies/<uuid:export>/file/", data_views.fetch, name="fetch"),
    path("copies/<uuid:export>/delete/", data_views.drop, name="drop"),
    path("erase/", data_views.erase, name="erase"),
]
