"""What rooms beside and above hang in here, from their `apps.ready()`."""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest
from django.http.response import HttpResponseBase

# Make a page of an exception that says what is wrong, or return None. The first page wins.
answers: Final[list[Callable[[HttpRequest, Exception], HttpResponseBase | None]]] = []
