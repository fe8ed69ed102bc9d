"""What lists say in words: outcomes, doubts, grounds."""

import datetime as dt
from collections.abc import Mapping

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from groundswell.exchange.importing import filling, footers, judging
from groundswell.web import figures


def doubts() -> Mapping[str, str]:
    """Return the sentence of each doubt."""
    return {
        judging.OTHER_NAME: _("Somebody else has the same e-mail or phone."),
        judging.SEVERAL: _("More than one person may be meant."),
        judging.OTHER_TOWN: _("Somebody of the same name lives in another town."),
        judging.OTHER_CONTACT: _("Somebody of the same name has another e-mail or phone."),
        judging.NO_UNIT: _("The unit it names has ended meanwhile, or reports by number."),
        judging.GONE: _("Who it was is not there any more."),
    }


def list_of(form: str, day: dt.date) -> str:
    """Return what a list is called whose file's name is not kept: 'CSV of 3 May 2024'."""
    said = {"form": form.partition(",")[0] or _("List"), "day": figures.day(day, get_language() or "en")}
    return _("%(form)s of %(day)s") % said


def forms() -> Mapping[str, str]:
    """Return in which forms a list goes out."""
    return {
        "mail": _("write to them from my mail program, unseen by each other"),
        "phones": _("call them"),
        "sheet": _("a sheet to print"),
        "xlsx": _("a spreadsheet (XLSX)"),
        "csv": _("a table as text (CSV)"),
        "vcf": _("contacts for an address book (vCard)"),
    }


def signs() -> Mapping[str, str]:
    """Return what speaks for it that a row is somebody, each as part of a sentence."""
    return {
        judging.SAME_EMAIL: _("the same e-mail"),
        judging.SAME_PHONE: _("the same phone"),
        judging.SAME_NAME: _("the same name"),
        judging.PART_OF_NAME: _("part of the name"),
        judging.SAME_TOWN: _("the same town"),
        judging.SAME_UNIT: _("the same unit"),
    }


def passed_over() -> Mapping[str, str]:
    """Return why a row in which nobody stands is passed over."""
    return {
        footers.SUM: _("A line of sums, and no person. Beside a person write an e-mail or a phone."),
        footers.NUMBER: _("Only figures stand in this row, and no name."),
        footers.PAGE: _("The number of a page."),
        footers.MADE: _("A line that says when the list was made."),
        footers.SIGNED: _("A line that says who signed the list."),
        footers.HEADER: _("The names of the columns once more."),
        footers.RULE: _("Neither letters nor figures stand in this row."),
        footers.OURS: _("The line that says when and for what the list was taken out of here."),
        footers.GROUP: _("The card of a group, a firm or a place, as it says itself, and of no person."),
    }


def outcomes() -> Mapping[str, str]:
    """Return what becomes of a row, in a word or two."""
    return {
        "new": _("new"),
        "known": _("known already"),
        filling.REJOINS: _("joins again"),
        filling.STAYS_FORMER: _("former member"),
        filling.REPEATS: _("twice in the list"),
        "doubtful": _("doubtful"),
        "refused": _("cannot be taken"),
        "passed": _("passed over"),
        "waiting": _("waiting"),
        "gone": _("not kept any more"),
        "undone": _("undone"),
    }


def states() -> Mapping[str, str]:
    """Return where an import stands."""
    return {
        "staged": _("waits for you"),
        "running": _("is being brought in"),
        "done": _("brought in"),
        "undoing": _("is being undone"),
        "undone": _("undone"),
    }


def bases() -> Mapping[str, str]:
    """Return the grounds on which people may be written down (GDPR art. 6 and 9)."""
    return {
        "membership": _("They are members, former members or in regular contact with us."),
        "consent": _("They agreed to it, and we can show it."),
        "request": _("They asked us to get in touch."),
    }


def kinds() -> Mapping[str, str]:
    """Return what people are of whom the list does not say it."""
    return {
        "member": _("members"),
        "candidate": _("candidates"),
        "supporter": _("supporters"),
        "contact": _("contacts, who are no members"),
    }
