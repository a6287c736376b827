"""The office's doors of retention."""

from django.urls import path

from retention import change_views, held_views, hold_views, house_views, run_views, team_views

app_name = "retention"
urlpatterns = [
    path("", house_views.house, name="house"),
    path("coming/", house_views.coming, name="coming"),
    path("record/", house_views.record_page, name="record"),
    path("record/file/", house_views.record_file, name="record_file"),
    path("rules/", change_views.change_house, name="change"),
    path("rules/confirm/", change_views.confirm_house, name="confirm"),
    path("changes/<int:number>/take-back/", change_views.take_back, name="take_back"),
    path("teams/<uuid:team>/", team_views.team, name="team"),
    path("teams/<uuid:team>/coming/", team_views.coming, name="team_coming"),
    path("teams/<uuid:team>/rules/", change_views.change_team, name="change_team"),
    path("teams/<uuid:team>/rules/confirm/", change_views.confirm_team, name="confirm_team"),
    path("teams/<uuid:team>/wishes/<uuid:wish>/keep/", team_views.keep, name="keep_wish"),
    path("teams/<uuid:team>/wishes/<uuid:wish>/refuse/", team_views.refuse, name="refuse_wish"),
    path("holds/", hold_views.holds, name="holds"),
    path("holds/place/", hold_views.place, name="place"),
    path("holds/<int:hold>/", hold_views.hold, name="hold"),
    path("holds/<int:hold>/release/", hold_views.release, name="release"),
    path("holds/<int:hold>/search/", held_views.search, name="search"),
    path("holds/<int:hold>/export/", held_views.export, name="export"),
    path("exports/<uuid:export>/", held_views.exported, name="exported"),
    path("exports/<uuid:export>/file/", held_views.export_file, name="export_file"),
    path("runs/", run_views.runs, name="runs"),
    path("runs/ask/", run_views.ask, name="ask_sweep"),
    path("runs/resume/", run_views.resume, name="resume"),
    path("runs/<int:run>/", run_views.run, name="run"),
]
