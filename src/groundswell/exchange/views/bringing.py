"""Pages that bring a list in: choose it, say what it holds, look at every row, let it come, undo it."""

from dataclasses import replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from groundswell.access.actor import Actor
from groundswell.access.doors import actor_of, door
from groundswell.exchange import actions, consents, importpages, lists, previewpage, queries, refusals, tasks
from groundswell.exchange.forms.bringing import Choose, Columns, LetIn
from groundswell.exchange.importing.reading.encodings import BY_CODE
from groundswell.exchange.models import Batch, Upload
from groundswell.kernel import clock
from groundswell.kernel.errors import Refusal
from groundswell.web import fields

REFUSED = 422


@door("lists.import")
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Choose a file, and see the lists that were brought in before."""
    actor = actor_of(request)
    posted = request.method == "POST"
    units = importpages.units_to_choose(actor)
    # From the people of a unit theirs is chosen already: among thousands it is hard to find on a phone.
    whose = {"unit": request.GET.get("unit", "")}
    form = Choose(*((request.POST, request.FILES) if posted else ()), units=units, initial=whose)
    if posted and form.is_valid():
        try:
            return redirect("exchange:columns", key=_received(form, actor).pk)
        except Refusal as refusal:
            form.refused(refusal)
    context = importpages.index(actor) | {"form": form}
    return render(request, "exchange/choose.html", context, status=REFUSED if form.errors else 200)


def _received(form: Choose, actor: Actor) -> Upload:
    """Keep the file, once it has been opened and found to be a list."""
    file = form.cleaned_data["file"]
    unit = form.cleaned_data["unit"]
    # Never read whole what may be refused for its size.
    content = file.read(actions.LARGEST_UPLOAD + 1)
    upload = actions.receive(content, name=file.name, unit=unit, actor=actor, at=clock.now())
    with queries.file_of(upload) as path:
        lists.looked_at(path, unit, actions.Wanted())
    return upload


@door("lists.import")
@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: HttpRequest, key: int) -> HttpResponse:
    """Say what the columns mean, why the list may be taken in and where it comes from."""
    actor = actor_of(request)
    upload = queries.upload_for(actor, key)
    read = _read_as(request)
    worded = consents.worded(upload.unit)
    with queries.file_of(upload) as path:
        looked = lists.looked_at(path, upload.unit, read, worded)
        letters = importpages.letters(path, upload.unit, read.encoding)
        posted = request.POST if request.method == "POST" else None
        form = Columns(posted, looked=looked, texts=worded.to_choose())
        if form.is_valid():
            try:
                wanted = replace(form.wanted(), encoding=read.encoding, headed=read.headed)
                return redirect("exchange:batch", batch=lists.staged(upload, path, wanted, actor).pk)
            except Refusal as refusal:
                form.refused(refusal)
    context = {
        "upload": upload,
        "title": queries.upload_name(upload),
        "form": form,
        "unworded": worded.unworded(looked.table.columns),
        "read": read,
    } | letters
    return render(request, "exchange/columns.html", context, status=REFUSED if form.errors else 200)


def _read_as(request: HttpRequest) -> actions.Wanted:
    """Return how somebody said that a file is read: in which encoding, its first row as the header."""
    return actions.Wanted(
        encoding=fields.query_choice(request, "encoding", BY_CODE.keys() | {"utf-8"}, ""),
        headed=fields.query_choice(request, "first", {"header"}, "") == "header",
    )


@door("lists.import")
@require_GET
def batch(request: HttpRequest, batch: int) -> HttpResponse:
    """Show a list: every row with what it would become, how far it has come, or what became of it."""
    found = queries.batch_for(actor_of(request), batch)
    if found.state == "staged":
        return _preview(request, found)
    if found.state in {"running", "undoing"}:
        return render(request, "exchange/running.html", importpages.progress(found))
    return render(request, "exchange/result.html", importpages.result(found))


def _preview(request: HttpRequest, found: Batch, form: LetIn | None = None) -> HttpResponse:
    after = fields.query(request, "after", fields.checked_whole, -1)
    shown = previewpage.preview(found, request.GET.get("only", ""), max(after or 0, -1))
    context = previewpage.page(shown)
    context["form"] = form or LetIn(
        today=found.today, asks_known=shown.asks_known, asks_former=shown.asks_former
    )
    return render(request, "exchange/preview.html", context, status=REFUSED if form else 200)


@door("lists.import")
@require_GET
def progress(request: HttpRequest, batch: int) -> HttpResponse:
    """Show how far a list has come: a part of its page, asked for every second."""
    found = queries.batch_for(actor_of(request), batch)
    answer = render(request, "exchange/_progress.html", importpages.progress(found))
    if found.state not in {"running", "undoing"}:
        answer["HX-Refresh"] = "true"
    return answer


@door("lists.import")
@require_POST
def start(request: HttpRequest, batch: int) -> HttpResponse:
    """Let a list be brought in, look through it again, or throw it away."""
    actor = actor_of(request)
    found = queries.batch_for(actor, batch)
    form = LetIn(request.POST, today=found.today)
    try:
        if request.POST.get("step") == "forget":
            actions.throw_away(found, actor=actor)
            messages.success(request, _("The list was thrown away; nobody was written down."))
            return redirect("exchange:choose")
        if request.POST.get("step") == "look":
            actions.look_through(found, actor=actor, at=clock.now())
            return redirect("exchange:batch", batch=found.pk)
        if form.is_valid():
            tasks.defer(actions.start(found, actor=actor, **form.chosen()))
    except Refusal as refusal:
        if refusal.field in form.fields:
            form.refused(refusal)
        else:
            messages.error(request, refusal.sentence)
    return _preview(request, found, form) if form.errors else redirect("exchange:batch", batch=found.pk)


@door("lists.import")
@require_POST
def settle(request: HttpRequest, batch: int) -> HttpResponse:
    """Say of doubtful rows who they are: before a list comes in, or after."""
    actor = actor_of(request)
    found = queries.batch_for(actor, batch)
    try:
        settled = actions.settle(found, answers=lists.answers(request.POST), actor=actor)
        if settled and found.state == "staged":
            messages.success(request, _("It is kept with the list until it comes in."))
        elif settled:
            tasks.defer(queries.batch_for(actor, batch))
            said = ngettext("%(count)d row goes on.", "%(count)d rows go on.", settled)
            messages.success(request, said % {"count": settled})
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    return redirect(lists.back_to(found, request.POST))


@door("lists.import")
@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: HttpRequest, batch: int) -> HttpResponse:
    """Say what is undone, and let it be undone."""
    actor = actor_of(request)
    found = queries.batch_for(actor, batch)
    if request.method == "POST":
        try:
            tasks.defer(actions.ask_to_undo(found, actor=actor))
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
        return redirect("exchange:batch", batch=found.pk)
    if found.state != "done":
        return redirect("exchange:batch", batch=found.pk)
    return render(request, "exchange/undo.html", importpages.undoing(found))


@door("lists.import")
@require_GET
def refused(request: HttpRequest, batch: int) -> HttpResponse:
    """Hand out the rows that could not be taken, with the reason, as CSV."""
    found: Batch = queries.batch_for(actor_of(request), batch)
    answer = HttpResponse(refusals.text(found), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="refused-{found.pk}.csv"'
    return answer
