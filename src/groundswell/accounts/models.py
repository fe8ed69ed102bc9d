"""Accounts, the links that sign in once, and mandates."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import check_password
from django.db import models

from groundswell.access.actor import OFFICES
from groundswell.kernel.periods import Recorded
from groundswell.people.models import Person
from groundswell.structure.models import Unit


class AccountManager(BaseUserManager["Account"]):
    """Finds accounts by e-mail, whatever the case it was typed in."""

    def get_by_natural_key(self, username: str | None) -> "Account":
        """Return the account of this e-mail."""
        return self.get(email=(username or "").strip().casefold())


class Account(AbstractBaseUser):
    """A way to sign in. It holds nothing else: the person and her offices stand elsewhere.

    The e-mail is kept in clear and folded to lower case: it is the declared exception, needed to
    sign in before any scope is known.
    """

    email = models.EmailField(unique=True)
    person = models.ForeignKey(
        Person, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+"
    )
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[AccountManager] = AccountManager()

    USERNAME_FIELD = "email"

    def __str__(self) -> str:
        return self.email

    def check_password(self, raw_password: str | None) -> bool:
        """Return whether it is her password, and write nothing: a row of an account has to be vouched for.

        One that was digested at another cost than today's is digested anew by `actions.sign_in`.
        """
        return check_password(raw_password, self.password)


class SignInLink(models.Model):
    """A link that signs in once: only the digest of its token is kept. Machine time."""

    digest = models.BinaryField(primary_key=True, max_length=32)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="+")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"link of account {self.account_id}"


class Mandate(Recorded):
    """An office held by a person in a unit, with a term; it carries the rights."""

    person = models.ForeignKey(Person, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    office = models.CharField(max_length=20)
    given_by = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="accounts_mandate_office", condition=models.Q(office__in=OFFICES)),
        ]
        indexes = [models.Index(fields=["person"], name="accounts_mandate_of_person")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.office} of {self.unit_id} {self.valid}"


class FactorDemand(models.Model):
    """An office that nobody exercises without a second factor. Which ones is data of the installation."""

    office = models.CharField(max_length=20, primary_key=True)

    def __str__(self) -> str:
        return self.office
