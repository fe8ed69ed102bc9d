"""Root addresses. Each room brings its own; every view declares its door."""

from django.urls import include, path

from groundswell.site import health, views

urlpatterns = [
    path("", views.home, name="home"),
    path("published/", views.published, name="published"),
    path("first/", views.first, name="first"),
    path("theme.css", views.theme_css, name="theme"),
    path("language/", views.language, name="language"),
    path("appearance/", views.appearance, name="appearance"),
    path("source/", views.source, name="source"),
    path("trail/", views.trail, name="trail"),
    path("healthz", health.healthz, name="healthz"),
    path("", include("groundswell.accounts.urls")),
    path("", include("groundswell.structure.urls")),
    path("", include("groundswell.duplicates.urls")),
    path("", include("groundswell.people.urls")),
    path("", include("groundswell.exchange.urls")),
    path("", include("groundswell.protection.urls")),
    path("", include("groundswell.reports.urls")),
]

handler400 = "groundswell.web.problems.bad_request"
handler403 = "groundswell.web.problems.forbidden"
handler404 = "groundswell.web.problems.not_found"
handler429 = "groundswell.web.problems.too_many"
handler500 = "groundswell.web.problems.failed"
