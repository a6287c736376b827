"""The doors of the registry of models."""

from django.urls import path

from models_admin import file_views, upload_views, views

app_name = "models_admin"
urlpatterns = [
    path("teams/<uuid:team>/models/", views.team_models, name="team_models"),
    path("models/", file_views.files, name="files"),
    path("models/work/", file_views.work, name="work"),
    path("models/look/", file_views.look, name="look"),
    path("models/files/<uuid:file>/", file_views.file, name="file"),
    path("models/files/<uuid:file>/card/", file_views.card, name="card"),
    path("models/files/<uuid:file>/mark/", file_views.mark, name="mark"),
    path("models/files/<uuid:file>/accept/", file_views.accept, name="accept"),
    path("models/files/<uuid:file>/forget/", file_views.forget, name="forget"),
    path("models/uploads/", upload_views.begin, name="begin_upload"),
    path("models/uploads/<uuid:upload>/", upload_views.piece, name="piece"),
    path("models/uploads/<uuid:upload>/cancel/", upload_views.cancel, name="cancel_upload"),
]
