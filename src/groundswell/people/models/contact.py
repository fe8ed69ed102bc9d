"""What is kept of a person under her own key: ways to reach her, and notes about her."""

from typing import Final

from django.db import models

from groundswell.access.secrets import EncryptedText
from groundswell.people.models.person import Person
from groundswell.structure.models import Unit

CONTACT_KINDS: Final = ("email", "phone")
# Who reads a note: organisers and those above them in rights; secretaries; data protection officers.
VISIBILITIES: Final = ("organisers", "secretaries", "protection")


class Contact(models.Model):
    """An e-mail address or a phone number, in its folded form.

    `digest` is the blind index (`access.secrets.blind_index`) under which equal ones find each other.
    """

    person = models.ForeignKey(
        Person, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+", db_index=False
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8)
    value = EncryptedText()
    digest = models.BinaryField(max_length=32)
    label = models.CharField(max_length=40, default="", db_default="", blank=True)
    position = models.SmallIntegerField(default=0, db_default=0)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="people_contact_kind", condition=models.Q(kind__in=CONTACT_KINDS)),
            models.UniqueConstraint(fields=["person", "kind", "digest"], name="people_contact_once"),
        ]
        indexes = [models.Index(fields=["digest"], name="people_contact_by_digest")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.person_id}"


class Note(models.Model):
    """What somebody wrote down about a person, for those of a circle."""

    person = models.ForeignKey(Person, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    account_id = models.BigIntegerField(null=True)
    visibility = models.CharField(max_length=12)
    text = EncryptedText()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="people_note_visibility", condition=models.Q(visibility__in=VISIBILITIES)
            )
        ]

    def __str__(self) -> str:
        return f"note on {self.person_id}"
