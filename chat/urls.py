"""The chat's doors."""

from django.urls import path

from chat import board_views, draft_views, glass_views, keeping_views, message_views, provenance_views, views

app_name = "chat"
urlpatterns = [
    path("", views.home, name="home"),
    path("sidebar/", views.sidebar, name="sidebar"),
    path("chats/", views.begin, name="begin"),
    path("chats/draft/", draft_views.new, name="new_draft"),
    path("chats/<uuid:pk>/draft/", draft_views.of_chat, name="draft"),
    path("chats/<uuid:pk>/", views.conversation, name="conversation"),
    path("chats/<uuid:pk>/ask/", views.ask, name="ask"),
    path("chats/<uuid:pk>/rename/", views.rename, name="rename"),
    path("chats/<uuid:pk>/delete/", views.delete, name="delete"),
    path("chats/<uuid:pk>/pin/", keeping_views.pin, name="pin"),
    path("chats/<uuid:pk>/keep/", keeping_views.keep, name="keep"),
    path("chats/<uuid:pk>/lifetime/", keeping_views.lifetime, name="lifetime"),
    path("chats/going/", keeping_views.going, name="going"),
    path("attachments/<uuid:pk>/", views.attachment, name="attachment"),
    path("messages/<uuid:pk>/edit/", views.edit, name="edit"),
    path("messages/<uuid:pk>/regenerate/", views.regenerate, name="regenerate"),
    path("messages/<uuid:pk>/show/", views.show, name="show"),
    path("messages/<uuid:pk>/keep/", message_views.keep, name="keep_answer"),
    path("messages/<uuid:pk>/take-back/", message_views.take_back, name="take_back"),
    path("messages/<uuid:pk>/fork/", message_views.fork, name="fork"),
    path("messages/<uuid:pk>/think/", message_views.think, name="think"),
    path("chats/<uuid:pk>/gauge/", message_views.gauge, name="gauge"),
    path("break-glass/<int:glass>/chats/", glass_views.chats, name="glass_chats"),
    path("break-glass/<int:glass>/chats/<uuid:conversation>/", glass_views.chat, name="glass_chat"),
    path(
        "break-glass/<int:glass>/chats/<uuid:conversation>/files/<uuid:attachment>/",
        glass_views.file,
        name="glass_file",
    ),
    path("generations/<uuid:pk>/about/", provenance_views.about, name="about"),
    path("generations/<uuid:pk>/reproduce/", provenance_views.reproduce, name="reproduce"),
    path("models/board/", board_views.show, name="board"),
    path("generations/<uuid:pk>/stop/", views.stop, name="stop"),
    path("generations/<uuid:pk>/continue/", views.go_on, name="continue"),
]
