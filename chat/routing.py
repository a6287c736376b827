"""The socket's one address."""

from django.urls import path

from chat.consumers import TabConsumer

websocket_urlpatterns = [path("ws/", TabConsumer.as_asgi())]
