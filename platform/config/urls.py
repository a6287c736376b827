"""Every door, in one place."""

from django.urls import include, path

from config.words import words

handler400 = "config.errors.bad_request"
handler403 = "config.errors.permission_denied"
handler404 = "config.errors.page_not_found"
handler500 = "config.errors.server_error"

urlpatterns = [
    path("", include("accounts.urls")),
    path("account/", include("accounts.sign_in_urls")),
    path("audit/", include("audit.urls")),
    path("break-glass/", include("breakglass.urls")),
    path("data/", include("retention.urls")),
    path("you/data/", include("retention.data_urls")),
    path("", include("models_admin.urls")),
    path("", include("chat.urls")),
    path("prompts/", include("prompts.urls")),
    path("shares/", include("sharing.urls")),
    path("moving/", include("moving.urls")),
    path("search/", include("finding.urls")),
    path("", include("health.urls")),
    path("", include("egress.urls")),
    path("words.js", words, name="words"),
]
