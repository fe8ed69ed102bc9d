"""Addresses of lists that come in and go out."""

from django.urls import path

from groundswell.exchange.views import bringing, exporting

app_name = "exchange"
urlpatterns = [
    path("lists/import/", bringing.choose, name="choose"),
    path("lists/import/files/<int:key>/", bringing.columns, name="columns"),
    path("lists/import/<int:batch>/", bringing.batch, name="batch"),
    path("lists/import/<int:batch>/progress/", bringing.progress, name="progress"),
    path("lists/import/<int:batch>/start/", bringing.start, name="start"),
    path("lists/import/<int:batch>/settle/", bringing.settle, name="settle"),
    path("lists/import/<int:batch>/undo/", bringing.undo, name="undo"),
    path("lists/import/<int:batch>/refused.csv", bringing.refused, name="refused"),
    path("lists/export/", exporting.take_out, name="export"),
    path("lists/export/larger/", exporting.releases, name="releases"),
    path("lists/export/larger/<int:release>/decide/", exporting.decide, name="decide"),
    path("lists/export/larger/<int:release>/fetch/", exporting.fetch, name="fetch"),
]
