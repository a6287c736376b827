"""The doors of the registry of models."""

from django.urls import path

from models_admin import deploy_views, deployment_views, endpoint_views, file_views, upload_views, views

app_name = "models_admin"
urlpatterns = [
    path("teams/<uuid:team>/models/", views.team_models, name="team_models"),
    path("models/", file_views.files, name="files"),
    path("models/at-work/", file_views.work, name="work"),
    path("models/fetch/", file_views.fetch, name="fetch"),
    path("models/look/", file_views.look, name="look"),
    path("models/files/<uuid:file>/", file_views.file, name="file"),
    path("models/files/<uuid:file>/card/", file_views.card, name="card"),
    path("models/files/<uuid:file>/mark/", file_views.mark, name="mark"),
    path("models/files/<uuid:file>/accept/", file_views.accept, name="accept"),
    path("models/files/<uuid:file>/forget/", file_views.forget, name="forget"),
    path("models/deployments/", deployment_views.deployments, name="deployments"),
    path("models/deployments/<uuid:deployment>/", deployment_views.deployment, name="deployment"),
    path("models/deployments/<uuid:deployment>/change/", deployment_views.change, name="change_deployment"),
    path("models/deployments/<uuid:deployment>/switch/", deployment_views.switch, name="switch_deployment"),
    path("models/deployments/<uuid:deployment>/restart/", deployment_views.restart, name="restart_deployment"),
    path("models/deployments/<uuid:deployment>/retry/", deployment_views.retry, name="retry_deployment"),
    path("models/deployments/<uuid:deployment>/remove/", deployment_views.remove, name="remove_deployment"),
    path("models/deploy/", deploy_views.pick, name="deploy"),
    path("models/deploy/<uuid:file>/", deploy_views.card, name="deploy_card"),
    path("models/deploy/<uuid:file>/fit/", deploy_views.fit, name="deploy_fit"),
    path("models/deploy/<uuid:file>/use/", deploy_views.use, name="deploy_use"),
    path("models/endpoints/", endpoint_views.listed, name="endpoints"),
    path("models/endpoints/add/", endpoint_views.add, name="add_endpoint"),
    path("models/endpoints/<uuid:endpoint>/", endpoint_views.endpoint, name="endpoint"),
    path("models/endpoints/<uuid:endpoint>/change/", endpoint_views.change, name="change_endpoint"),
    path("models/endpoints/<uuid:endpoint>/key/", endpoint_views.key, name="key_endpoint"),
    path("models/endpoints/<uuid:endpoint>/test/", endpoint_views.test, name="test_endpoint"),
    path("models/endpoints/<uuid:endpoint>/remove/", endpoint_views.remove, name="remove_endpoint"),
    path("models/endpoints/<uuid:endpoint>/deploy/", endpoint_views.deploy, name="deploy_remote"),
    path("models/outside/", endpoint_views.outside, name="outside"),
    path("models/uploads/", upload_views.begin, name="begin_upload"),
    path("models/uploads/<uuid:upload>/", upload_views.piece, name="piece"),
    path("models/uploads/<uuid:upload>/cancel/", upload_views.cancel, name="cancel_upload"),
]
