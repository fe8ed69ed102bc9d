"""Addresses for the tests of the middleware: each does one thing that has gone wrong somewhere."""

import time

from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponse, JsonResponse, StreamingHttpResponse
from django.urls import path
from small_world import ask, column

from groundswell.access.middleware import keep


def names(request):
    seen = column("select name from people_person order by name")
    time.sleep(0.002)  # lets the requests of the other threads in between
    return JsonResponse({"first": seen, "again": column("select name from people_person order by name")})


def write(request, status):
    ask("update people_person set town = %s", str(status))
    return HttpResponse(status=status)


def write_and_keep(request, status):
    return keep(write(request, status))


def write_and_fail(request):
    ask("update people_person set town = 'failed'")
    raise ValueError("after the write")


def remember_and_find_nothing(request):
    request.session["seen"] = "this"
    raise Http404


def swallow(request):
    ask("update people_person set town = 'swallowed'")
    try:
        with transaction.atomic(savepoint=False):
            ask("insert into people_person (id) select id from people_person limit 1")
    except IntegrityError:
        pass
    return HttpResponse("all is well")


def contradict(request):
    ask(
        "insert into people_membership (valid, recorded, home, entry_flow, exit_flow, reason,"
        " unit_id, kind_id,"
        " person_id) select valid, recorded, home, entry_flow, exit_flow, reason, unit_id, kind_id, person_id"
        " from people_membership where home limit 1"
    )
    return HttpResponse("stored")


def stream(request):
    return StreamingHttpResponse(name for name in column("select name from people_person order by name"))


def late_stream(request):
    def rows():
        yield from column("select name from people_person order by name")

    return StreamingHttpResponse(rows())


def healthz(request):
    return HttpResponse("ok")


urlpatterns = [
    path("names/", names),
    path("write/<int:status>/", write),
    path("keep/<int:status>/", write_and_keep),
    path("fail/", write_and_fail),
    path("remember/", remember_and_find_nothing),
    path("swallow/", swallow),
    path("contradict/", contradict),
    path("stream/", stream),
    path("late-stream/", late_stream),
    path("healthz", healthz),
]
