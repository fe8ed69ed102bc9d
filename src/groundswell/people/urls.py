"""Addresses of people."""

from django.urls import path

from groundswell.people.views import listing

app_name = "people"
urlpatterns = [
    path("people/", listing.people, name="list"),
]
