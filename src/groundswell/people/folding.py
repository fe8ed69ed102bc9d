"""E-mails and phone numbers in the one form by which they are found again."""

import functools
import re
import unicodedata
from typing import Final

import phonenumbers
from django.utils.translation import gettext as _
from email_validator import EmailNotValidError, validate_email

from groundswell.kernel import signs
from groundswell.kernel.errors import Refusal

# Letters, digits and single signs between them: allowed before the @ by every rule (RFC 5321, 4.1.2 and
# 4.5.3.1.1), so that the library need not be asked; a list of a hundred thousand has hardly others.
_PLAIN_LOCAL: Final = re.compile(r"[A-Za-z0-9]+(?:[._+-][A-Za-z0-9]+)*")
_LONGEST_LOCAL: Final = 64


def fold_email(text: str) -> str:
    """Return an address in small letters, its domain as people read it; nothing is looked up."""
    trimmed = unicodedata.normalize(
        "NFC", signs.without_unseen(text).strip().removeprefix("mailto:").rstrip(".")
    )
    try:
        address, at, domain = trimmed.rpartition("@")
        domain = _domain(domain) if at else ""
        if domain and len(address) <= _LONGEST_LOCAL and _PLAIN_LOCAL.fullmatch(address):
            return f"{address}@{domain}".casefold()
        if domain and address:
            checked = validate_email(
                f"{address}@example.org", check_deliverability=False, test_environment=True
            )
            return f"{checked.local_part}@{domain}".casefold()
    except EmailNotValidError:
        pass
    sentence = _("“%(cell)s” is no e-mail address.") % {"cell": text[:80]}
    raise Refusal(sentence, field="email", code="no-email")


@functools.lru_cache(maxsize=4096)
def _domain(domain: str) -> str:
    """Return a domain as people read it, also one that a browser wrote as xn--…; '' for none."""
    try:
        checked = validate_email(f"a@{domain}", check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return ""
    return checked.domain


def fold_phone(text: str, country: str) -> str:
    """Return a number as +431234567; a national one is read as one of `country` (two letters).

    Its length must be one of the country's, with the area code. Whether the range was given out is not asked:
    countries open new ones, and the library's tables are as old as the installation (docs/decisions/0742).
    """
    plain = unicodedata.normalize("NFKC", signs.without_unseen(text)).strip().removeprefix("tel:")
    try:
        number = phonenumbers.parse(plain, country.upper() or None)
    except phonenumbers.NumberParseException as problem:
        raise _no_phone(plain, country) from problem
    if phonenumbers.is_possible_number_with_reason(number) != phonenumbers.ValidationResult.IS_POSSIBLE:
        raise _no_phone(plain, country)
    if number.extension:
        sentence = _("“%(cell)s” has an extension, which cannot be kept; write the number that is dialled.")
        raise Refusal(sentence % {"cell": plain[:40]}, field="phone", code="extension")
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def spaced_phone(folded: str) -> str:
    """Return a number as people read it out: +43 1 2345678; as it stands where it is none."""
    try:
        number = phonenumbers.parse(folded)
    except phonenumbers.NumberParseException:
        return folded
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL))


def _no_phone(text: str, country: str) -> Refusal:
    if not country and not text.startswith("+"):
        sentence = _("“%(cell)s” names no country; write it with its country, as +43 1 234567.")
    else:
        sentence = _("“%(cell)s” is no phone number; write it like +43 1 234567.")
    return Refusal(sentence % {"cell": text[:40]}, field="phone", code="no-phone")
