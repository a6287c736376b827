"""The doors of accounts beside those of allauth."""

from django.urls import path

from accounts import (
    inviting_views,
    joining_views,
    look_views,
    organisation_views,
    people_views,
    roster_views,
    teams_views,
    views,
    you_views,
)

app_name = "accounts"
people = [
    path("people/", people_views.people, name="people"),
    path("people/<uuid:person>/", people_views.person, name="person"),
    path("people/<uuid:person>/name/", people_views.rename, name="rename_person"),
    path("people/<uuid:person>/role/", people_views.change_role, name="change_role"),
    path("people/<uuid:person>/teams/", people_views.join_team, name="join_team"),
    path("people/<uuid:person>/sessions/end/", people_views.end_sessions, name="end_sessions"),
    path("people/<uuid:person>/factors/reset/", people_views.reset_factors, name="reset_factors"),
    path("people/<uuid:person>/leave/", people_views.leave, name="leave"),
    path("people/<uuid:person>/erase/", people_views.erase, name="erase"),
    path("people/<uuid:person>/reactivate/", people_views.reactivate, name="reactivate"),
    path("people/<uuid:person>/deny/", organisation_views.deny_person, name="deny_person"),
]
teams = [
    path("teams/", teams_views.all_teams, name="teams"),
    path("teams/<uuid:team>/", teams_views.team, name="team"),
    path("teams/<uuid:team>/name/", teams_views.rename, name="rename_team"),
    path("teams/<uuid:team>/delete/", teams_views.delete, name="delete_team"),
    path("teams/<uuid:team>/deny/", organisation_views.deny_team, name="deny_team"),
    path("teams/<uuid:team>/people/<uuid:person>/role/", teams_views.change_role, name="team_role"),
    path("teams/<uuid:team>/people/<uuid:person>/remove/", teams_views.remove, name="leave_team"),
]
invitations = [
    path("invitations/", inviting_views.invitations, name="invitations"),
    path("invitations/new/", inviting_views.invite, name="invite"),
    path("invitations/file/", roster_views.upload, name="roster"),
    path("invitations/file/send/", roster_views.send, name="roster_send"),
    path("invitations/joiners/", joining_views.joiners, name="joiners"),
    path("invitations/joiners/<uuid:joiner>/approve/", joining_views.approve, name="approve_joiner"),
    path("invitations/joiners/<uuid:joiner>/decline/", joining_views.decline, name="decline_joiner"),
    path("invitations/<uuid:invitation>/renew/", inviting_views.renew, name="renew_invitation"),
    path("invitations/<uuid:invitation>/revoke/", inviting_views.revoke, name="revoke_invitation"),
]
house = [
    path("organisation/", organisation_views.organisation, name="organisation"),
    path("organisation/look/", organisation_views.set_look, name="set_look"),
    path("organisation/banner/", organisation_views.set_banner, name="set_banner"),
    path("roles/", organisation_views.roles, name="roles"),
    path("roles/denials/<uuid:denial>/lift/", organisation_views.lift, name="lift"),
]
ways_in = [
    path("join/", joining_views.ask_to_join, name="join"),
    path("join/<str:token>/", joining_views.accept, name="accept"),
]
look = [
    path("look/<slug:colour>.css", look_views.shades, name="shades"),
    path("look/logo/<uuid:logo>/", look_views.logo, name="logo"),
    path("look/theme/", look_views.theme, name="theme"),
    path("look/banner/close/", look_views.close_banner, name="close_banner"),
]
urlpatterns = [
    path("setup/<str:token>/", views.setup, name="setup"),
    path("account/password/reset/", views.forgotten, name="forgotten"),  # before allauth's own
    path("you/", you_views.you, name="you"),
    path("you/language/", you_views.language, name="language"),
    path("you/sessions/", you_views.sessions, name="sessions"),
    path("you/sessions/end/", you_views.end_session, name="end_session"),
    path("you/sessions/end-others/", you_views.end_other_sessions, name="end_other_sessions"),
    *people,
    *teams,
    *invitations,
    *house,
    *look,
    *ways_in,
]
