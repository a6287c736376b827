"""Finding chats again: search, and the palette of everything that can be reached by its name."""

from django.urls import path

from finding import views

app_name = "finding"
urlpatterns = [
    path("", views.search, name="search"),
    path("palette/", views.palette_entries, name="palette"),
    path("messages/<uuid:pk>/show/", views.show, name="show"),
]
