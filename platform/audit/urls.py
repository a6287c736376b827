"""The doors of those who read the log."""

from django.urls import path

from audit import exporting, views

app_name = "audit"
urlpatterns = [
    path("", views.log, name="log"),
    path("entries/<int:seq>/", views.entry, name="entry"),
    path("entries/<int:seq>/proof/", exporting.proof, name="proof"),
    path("export/", exporting.export_form, name="export"),
    path("export/file/", exporting.export_file, name="export_file"),
    path("verification/", views.verifications, name="verifications"),
    path("verification/<uuid:pk>/", views.verification, name="verification"),
    path("alerts/", views.alerts, name="alerts"),
]
