"""Addresses of the report and the map."""

from django.urls import path

from groundswell.reports import views

app_name = "reports"
urlpatterns = [
    path("report/", views.report, name="report"),
    path("report/drill/", views.drill, name="drill"),
    path("report/report.csv", views.as_sheet, name="csv"),
    path("report/report.json", views.as_json, name="json"),
    path("map/", views.world, name="map"),
]
