"""Addresses of records that may be one person."""

from django.urls import path

from groundswell.duplicates import views

app_name = "duplicates"
urlpatterns = [
    path("people/duplicates/", views.waiting, name="list"),
    path("people/duplicates/<int:key>/", views.pair, name="pair"),
    path("people/duplicates/<int:key>/say/", views.say, name="say"),
    path("people/duplicates/merged/<int:key>/undo/", views.undo, name="undo"),
    path("people/<int:pk>/same/", views.choose, name="choose"),
]
