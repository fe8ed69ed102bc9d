"""Addresses of data protection."""

from django.urls import path

from groundswell.protection.views import ages, asking, breaches, consents, directory, holds, own, samples

app_name = "protection"
urlpatterns = [
    path("me/", own.me, name="me"),
    path("me/ask/", own.ask, name="ask"),
    path("me/asked/<int:key>/take-back/", own.take_back, name="take-back"),
    path("me/copy.json", own.my_copy, {"form": "json"}, name="my-copy-json"),
    path("me/copy.pdf", own.my_copy, {"form": "pdf"}, name="my-copy-pdf"),
    path("directory/", directory.directory, name="directory"),
    path("protection/", own.officer, name="officer"),
    path("protection/record/", own.record, name="record"),
    path("protection/record.csv", own.record_csv, name="record-csv"),
    path("protection/requests/<int:key>/", own.one_request, name="request"),
    path("me/consent/", consents.my_consent, name="my-consent"),
    path("protection/people/<int:pk>/ask/", asking.ask_for, name="ask-for"),
    path("protection/people/<int:pk>/consent/", consents.consent, name="consent"),
    path("protection/consents/", consents.consents, name="consents"),
    path("protection/consents/<int:key>/", consents.text, name="text"),
    path("protection/consents/<int:key>/end/", consents.end_purpose, name="end-purpose"),
    path("protection/purposes/", consents.purposes, name="purposes"),
    path("protection/sample/", samples.samples, name="samples"),
    path("protection/sample/<int:key>/", samples.sample, name="sample"),
    path("protection/ages/", ages.ages, name="ages"),
    path("protection/people/<int:pk>/hold/", holds.hold, name="hold"),
    path("protection/holds/<int:key>/lift/", holds.lift, name="lift"),
    path("protection/breaches/", breaches.breaches, name="breaches"),
    path("protection/breaches/new/", breaches.new, name="breach-new"),
    path("protection/breaches/<int:key>/", breaches.breach, name="breach"),
    path("protection/breaches/<int:key>/tell/", breaches.tell, name="breach-tell"),
    path("protection/breaches/<int:key>/sessions/", breaches.sessions, name="breach-sessions"),
    path("protection/breaches/<int:key>/step/", breaches.step, name="breach-step"),
    path("protection/people/<int:pk>/copy.json", own.copy, {"form": "json"}, name="copy-json"),
    path("protection/people/<int:pk>/copy.pdf", own.copy, {"form": "pdf"}, name="copy-pdf"),
]
