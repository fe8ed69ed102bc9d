"""Addresses of signing in and out."""

from django.urls import path, re_path

from groundswell.accounts import views

app_name = "accounts"
urlpatterns = [
    path("login/", views.sign_in, name="sign-in"),
    path("link/", views.ask_for_link, name="ask-for-link"),
    re_path(r"^link/(?P<token>[A-Za-z0-9_-]{20,100})/$", views.use_link, name="use-link"),
    path("logout/", views.sign_out, name="sign-out"),
]
