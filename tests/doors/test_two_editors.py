"""Two who edit the same: nothing of either is lost unseen, what was typed stays, and saving once more goes.

Every form of the house stands in one of the two tables below. One that overwrites what stands is opened by
two, saved by one, and then sent by the other as she still sees it.
"""

import datetime as dt

import pytest
from django.db import transaction
from django.test import Client

from groundswell.access import scope
from groundswell.access.actor import OPERATOR
from groundswell.accounts import actions as accounts
from groundswell.kernel.errors import Refusal
from groundswell.kernel.meanwhile import reconciled, united
from groundswell.people import actions as people
from groundswell.people.models import Asking
from groundswell.protection import actions as protection
from groundswell.protection.models import Purpose
from groundswell.structure import actions as structure
from groundswell.web.forms import HouseForm, Seen
from pageforms import send, shown
from stage import NOW, own_fields
from world import day

# Form: who edits, the field both change, what others write and what she does, a field she changes besides.
EDITED = {
    "DetailsForm": ("bela", "town", "Graz", "Linz", {"postcode": "1020"}),
    "ValuesForm": ("ada", "words", "songs", "flags", {"years": "12"}),
    "GatheringForm": ("ada", "title", "Assembly of July", "Summer assembly", {"begins": "19:30"}),
    "FieldForm": ("bela", "label", "Craft", "Calling", {"options": "driver\r\nfitter\r\nclerk"}),
    "Rename": ("bela", "name_en", "Hill Crews", "Hill and Valley", {"name_de": "Berglinie"}),
    "FoundAnew": ("bela", "name_en", "New Hill", "Red Hill", {"name_de": "Neuer Berg"}),
    "KindForm": ("ines", "name_en", "circle", "club", {"name_de": "Zirkel"}),
    "PromotionRuleForm": ("ines", "members", "30", "50", {"elected_committee": "on"}),
    "ProposalRuleForm": ("bela", "split", "30", "40", {"meeting": "60"}),
    "SeatForm": ("bela", "town", "Weiz", "Linz", {"currency": "CHF", "longitude": "15.5"}),
    "DemandForm": ("ines", "offices", ["treasurer"], ["dpo"], {}),
    "SectionRuleForm": ("bela", "transfer_days", "7", "21", {"former_years": "2"}),
    "AgeForm": ("bela", "years", "15", "16", {}),
    "TextForm": ("bela", "words", "We write to you.", "We send it to you.", {}),
    "BreachForm": ("dana", "what", "A phone and a list.", "Two phones.", {"measures": "Locked from afar."}),
}
# What overwrites nothing that stands, or only what is its writer's own, and why.
OTHERWISE = {
    "adds": "NewPersonForm ContactForm NoteForm GiveOfficeForm InviteForm FirstSecretaryForm AskForm "
    "AskedForm PurposeForm HoldForm SampleForm NewPasskeyForm AuthenticatorAppForm Found Split Choose "
    "TakeOut",
    "is decided once, and refused of what was decided or changed since": "JoinForm LeaveForm GuestForm "
    "JoinElsewhereForm TransferForm CorrectForm AnswerForm EndOfficeForm HandOverForm StepForm ChooseForm "
    "MergeForm Columns LetIn Move Merge Dissolve Promote people.forms.KindForm",
    "is dated: what was believed stays with its moment": "PaidForm ConsentForm",
    "says one thing of people, twice the same": "CameForm TagAllForm",
    "is hers alone": "ViewForm PasskeyNameForm PasswordForm NewEmailForm",
    "signs in": "SignInForm LinkForm AskCodeForm MailCodeForm AgainForm FactorForm FactorAgainForm",
    "is no form by itself": "RuleForm DeedForm DayForm WordsForm _NewUnit _Other",
    "is tested below: tags are united, a box she did not touch is left alone": "TagsForm ProtectForm",
    "is tested below: of two who say her age the second is told": "UnderAgeForm",
}
NAMES = {"en": "cell", "de": "Zelle"}


def subclasses(of):
    for one in of.__subclasses__():
        yield one
        yield from subclasses(one)


def test_every_form_says_whether_it_overwrites_what_stands():
    import groundswell.site.urls  # noqa: F401 - it imports every form

    said = {name for names in OTHERWISE.values() for name in names.split()}
    others = {f"people.forms.{one}" for one in EDITED} & said
    for form in subclasses(HouseForm):
        if not form.__module__.startswith("groundswell"):
            continue
        qualified = f"{form.__module__.removeprefix('groundswell.')}.{form.__name__}"
        known = form.__name__ in said or qualified in said
        edited = form.__name__ in EDITED and qualified not in others
        assert known or edited, f"{qualified}: put it into a table of this test"
        assert not edited or issubclass(form, Seen), f"{qualified} does not carry what was seen"


@pytest.fixture(scope="module")
def edited(shared_world):
    """Return the own fields, and for each form that overwrites a page with something to edit on it."""
    with scope.operator("what is edited"):
        fields = own_fields(shared_world)
        return fields, pages_of(shared_world, fields)


def pages_of(world, fields):
    accounts.give_mandate(
        world.person["dana"], unit=world.unit["TRAM"], office="dpo", day=day("1 January 2020"),
        actor=OPERATOR, at=NOW,
    )  # fmt: skip
    world.account["dana"] = accounts.create_account(
        world.person["dana"], email="dana@example.org", actor=OPERATOR
    )
    by = {"actor": OPERATOR, "at": NOW}
    depot, dana = world.unit["DEPOT"], world.person["dana"].pk
    held = people.hold_gathering(depot, title="Assembly", day=day("10 July 2024"), **by)
    structure.add_kind("cell", names=NAMES, holds_names=False, meets=True, actor=OPERATOR)
    asks = {"members": 20, "units": None, "of_kind": None, "elected_committee": False}
    structure.set_promotion_rule("group", to_kind="section", actor=OPERATOR, **asks)
    told = protection.Told("A phone.", found_at=NOW, readable_from=NOW - dt.timedelta(days=1))
    breach = protection.open_breach(world.unit["TRAM"], told, **by)
    purpose = Purpose.objects.get(code="newsletter").pk
    return {
        "DetailsForm": f"/people/{dana}/edit/",
        "ValuesForm": f"/people/{dana}/fields/",
        "GatheringForm": f"/gatherings/{held.pk}/edit/",
        "FieldForm": f"/people/fields/{fields['trade'].pk}/",
        "Rename": "/units/HILL/rename/",
        "FoundAnew": "/units/HILL/found-anew/",
        "KindForm": "/units/kinds/cell/",
        "PromotionRuleForm": "/units/promotion/group/",
        "ProposalRuleForm": "/units/NORTH/limits/",
        "SeatForm": "/units/HILL/seat/",
        "DemandForm": "/offices/factors/",
        "SectionRuleForm": "/people/rules/?unit=TRAM",
        "AgeForm": "/protection/ages/?unit=TRAM",
        "TextForm": f"/protection/consents/{purpose}/?unit=TRAM",
        "BreachForm": f"/protection/breaches/{breach.pk}/tell/",
    }


def browser(world, who):
    client = Client(headers={"accept-language": "en"})
    client.force_login(world.account[who])
    return client


def done(form, fields):
    """Return the fields, said to be done at once where a preview comes between."""
    return fields | ({"step": "do"} if form in {"Rename", "FoundAnew"} else {})


def named(fields, form, field):
    return f"field_{fields[field].pk}" if form == "ValuesForm" else field


def as_sent(value):
    return value if isinstance(value, list) else [value]


@pytest.mark.parametrize("form", EDITED)
def test_two_who_change_different_fields_have_their_way_and_of_the_same_the_second_is_told(
    edited, world, form
):
    who, field, theirs, hers, more = EDITED[form]
    fields, pages = edited
    more = {named(fields, form, name): value for name, value in more.items()}
    field, page, client = named(fields, form, field), pages[form], browser(world, who)
    stale = shown(client.get(page), page)
    assert client.post(page, done(form, stale | {field: theirs})).status_code == 302
    if more:
        with transaction.atomic():
            both_have_their_way(client, page, done(form, stale | more), {field: theirs, **more})
            transaction.set_rollback(True)
    refused = client.post(page, done(form, stale | {field: hers}))
    text = refused.content.decode()
    assert (refused.status_code, "Somebody changed this meanwhile to" in text) == (422, True)
    assert shown(refused, page)[field] == as_sent(hers)
    if form != "AgeForm":  # its form asks for an age, and shows none
        assert shown(client.get(page), page)[field] == as_sent(theirs)
        # With that in sight she saves once more.
        assert client.post(page, done(form, shown(refused, page))).status_code == 302
        assert shown(client.get(page), page)[field] == as_sent(hers)
    else:
        assert client.post(page, shown(refused, page)).status_code == 302
        assert "is at least 16." in client.get(page).content.decode()


def both_have_their_way(client, page, sent, expected):
    assert client.post(page, sent).status_code == 302
    now = shown(client.get(page), page)
    assert {name: now.get(name) for name in expected} == {
        name: as_sent(value) for name, value in expected.items()
    }


def test_two_who_tag_one_person_both_have_their_way(world):
    dana = world.person["dana"]
    page, tags = f"/people/{dana.pk}/", f"/people/{dana.pk}/tags/"
    with scope.operator("her tags"):
        people.put_tags(dana, words=["choir", "drives"], actor=OPERATOR)
    bela, ada = browser(world, "bela"), browser(world, "ada")
    stale = shown(ada.get(page), page, action=tags)
    assert send(bela, tags, {"tags": "choir, stall"}, page=page).status_code == 302
    assert ada.post(tags, stale | {"tags": "drives, speaks Turkish"}).status_code == 302
    assert shown(ada.get(page), page, action=tags)["tags"] == ["speaks Turkish, stall"]


def test_of_two_who_say_her_age_the_second_is_told_what_the_first_said(world):
    dana, ada = world.person["dana"], browser(world, "ada")
    page, age = f"/people/{dana.pk}/", f"/people/{dana.pk}/age/"
    stale = shown(ada.get(page), page, action=age)
    assert send(ada, age, {"minor": "yes", "of_age_on": "2026-03-01"}, page=page).status_code == 302
    refused = ada.post(age, stale | {"minor": "yes", "of_age_on": "2027-05-01"})
    assert refused.status_code == 422
    assert "Somebody changed this meanwhile to “1 March 2026”" in refused.content.decode()
    assert ada.post(age, shown(refused, page, action=age)).status_code == 302
    assert shown(ada.get(page), page, action=age)["of_age_on"] == ["2027-05-01"]


def test_a_box_that_she_did_not_touch_stays_as_somebody_else_set_it(world):
    new = structure.NewUnit("EAST", {"en": "East"}, "region", "TRAM", day("1 July 2024"))
    structure.found_unit(new, actor=OPERATOR, at=NOW)
    page, bela = "/units/EAST/protect/", browser(world, "bela")
    stale = shown(bela.get(page), page)
    assert send(bela, page, {"protected": "on"}).status_code == 302
    assert bela.post(page, stale).status_code == 302
    assert shown(bela.get(page), page)["protected"] == ["on"]


def test_an_accepted_proposal_does_not_overwrite_what_was_changed_since(world):
    dana = world.person["dana"]
    send(browser(world, "ada"), f"/people/{dana.pk}/edit/", {"town": "Graz"})
    bela = browser(world, "bela")
    send(bela, f"/people/{dana.pk}/edit/", {"town": "Linz"})
    with scope.operator("what was asked"):
        asking = Asking.objects.get(person=dana)
    answer = bela.post(f"/people/asked/{asking.pk}/", {"answer": "accept"}, follow=True)
    assert "“Town” was changed after this was proposed, and is “Linz” now." in answer.content.decode()


@pytest.mark.parametrize(
    ("stands", "before", "wanted", "kept"),
    [
        ("a", "a", "b", "b"),  # she alone changed it
        ("b", "a", "a", "b"),  # others alone did
        ("b", "a", "b", "b"),  # both did the same
        ("a\nb", "a\r\nb ", "c", "c"),  # a browser writes line ends its own way
        (None, "", "c", "c"),
    ],
)
def test_what_is_to_stand_of_two_who_changed_it(stands, before, wanted, kept):
    assert reconciled({"x": stands}, before={"x": before}, wanted={"x": wanted}) == {"x": kept}


@pytest.mark.parametrize("stands", ["b", "", ["p", "q"], 7, True])
def test_what_both_changed_is_refused(stands):
    with pytest.raises(Refusal, match="meanwhile") as refused:
        reconciled({"x": stands}, before={"x": "a"}, wanted={"x": "c"})
    assert (refused.value.code, refused.value.field) == ("changed-meanwhile", "x")


def test_words_of_several_are_united():
    assert united(["a", "c"], before=["a", "b"], wanted=["a", "b", "d"]) == ["a", "d", "c"]
    assert united(["a"], before=None, wanted=["b"]) == ["b"]
