"""Addresses of people."""

from django.urls import path

from groundswell.people.views import customs, editing, gatherings, life, listing, person, ruling, tagging

app_name = "people"
# What happens to a membership: decided by her secretary, or asked for by others as well (`forms.deeds`).
DECIDED = ("join", "leave", "kind", "guest", "paid")
PROPOSED = ("transfer", "apply", "ask-leave")

urlpatterns = [
    path("people/", listing.people, name="list"),
    path("people/new/", editing.new, name="new"),
    path("people/asked/", life.waiting, name="asked"),
    path("people/asked/<int:key>/", life.answer, name="answer"),
    path("people/views/", listing.keep, name="keep-view"),
    path("people/views/<int:key>/drop/", listing.drop, name="drop-view"),
    path("people/tags/", tagging.tag_all, name="tag-all"),
    path("people/rules/", ruling.section_rules, name="rules"),
    path("people/fields/", customs.asked, name="fields"),
    path("people/fields/<int:key>/", customs.change, name="field"),
    path("people/fields/<int:key>/end/", customs.end, name="end-field"),
    path("people/<int:pk>/fields/", customs.values, name="values"),
    path("gatherings/", gatherings.gatherings, name="gatherings"),
    path("gatherings/new/", gatherings.hold, name="hold"),
    path("gatherings/<int:key>/", gatherings.gathering, name="gathering"),
    path("gatherings/<int:key>/edit/", gatherings.change, name="change-gathering"),
    path("gatherings/<int:key>/came/", gatherings.came, name="came"),
    path("people/<int:pk>/", person.person, name="person"),
    path("people/<int:pk>/edit/", editing.edit, name="edit"),
    path("people/<int:pk>/contact/", person.add_contact, name="add-contact"),
    path("people/<int:pk>/contact/<int:key>/drop/", person.drop_contact, name="drop-contact"),
    path("people/<int:pk>/note/", person.write_note, name="write-note"),
    path("people/<int:pk>/tags/", person.put_tags, name="put-tags"),
    path("people/<int:pk>/age/", person.say_age, name="say-age"),
    path("people/<int:pk>/guest/<int:key>/end/", life.end_guest, name="end-guest"),
    path("people/<int:pk>/correct/", life.correct, name="correct"),
    *(path(f"people/<int:pk>/{what}/", life.decide, {"what": what}, name=what) for what in DECIDED),
    *(path(f"people/<int:pk>/{what}/", life.propose, {"what": what}, name=what) for what in PROPOSED),
]
