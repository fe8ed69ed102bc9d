"""Addresses of data protection."""

from django.urls import path

from groundswell.protection import views

app_name = "protection"
urlpatterns = [
    path("me/", views.me, name="me"),
    path("me/ask/", views.ask, name="ask"),
    path("me/copy.json", views.my_copy, {"form": "json"}, name="my-copy-json"),
    path("me/copy.pdf", views.my_copy, {"form": "pdf"}, name="my-copy-pdf"),
    path("protection/", views.officer, name="officer"),
    path("protection/record/", views.record, name="record"),
    path("protection/record.csv", views.record_csv, name="record-csv"),
    path("protection/requests/<int:key>/", views.one_request, name="request"),
    path("protection/people/<int:pk>/copy.json", views.copy, {"form": "json"}, name="copy-json"),
    path("protection/people/<int:pk>/copy.pdf", views.copy, {"form": "pdf"}, name="copy-pdf"),
]
