"""The addresses of the plugin, under the prefix that its app names."""

from django.urls import path

from trivet_openedx.webhook import webhook

app_name = "trivet_openedx"
urlpatterns = [path("webhook", webhook, name="webhook")]
