"""A person, and what is kept beside her in clear: her tags, and until when she has paid."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from groundswell.structure.models import Unit


class Person(models.Model):
    """A person: one name as she writes it, a key to sort it by, and her home unit today.

    `minor` is all that is kept of her age, and where it is known the first day of the month by which she is
    of age (`of_age_on`); whoever is under 18 is read by the offices of her own unit alone.

    `heard_on` is the last day she wrote, joined or came; for how long nobody heard of a contact decides when
    she is forgotten.

    `folded` holds the words she is found by (`rules.folded_name`); triggers keep the search's tables from it.

    Contact details are kept apart and encrypted. A person that was erased has no row: her number
    stays in the movements as a pseudonym.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    name = models.CharField(max_length=200)
    sort_key = models.CharField(max_length=200, db_collation="C")
    call_name = models.CharField(max_length=120, default="", blank=True)
    folded = models.TextField(db_collation="C", db_default="", blank=True)
    locale = models.CharField(max_length=20, default="", blank=True)
    languages = ArrayField(models.CharField(max_length=20), default=list)
    town = models.CharField(max_length=120, default="", blank=True)
    postcode = models.CharField(max_length=20, default="", db_default="", blank=True)
    pronoun = models.CharField(max_length=60, default="", db_default="", blank=True)
    minor = models.BooleanField(default=False, db_default=False)
    of_age_on = models.DateField(null=True)
    heard_on = models.DateField(null=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="people_person_has_a_name", condition=~models.Q(name="")),
            models.CheckConstraint(
                name="people_person_of_age_once_she_was_under",
                condition=models.Q(of_age_on__isnull=True) | models.Q(minor=True),
            ),
        ]
        indexes = [
            # With what row security asks besides: so a page is judged by the index alone.
            models.Index(fields=["unit", "sort_key", "id"], name="people_person_by_name", include=["minor"]),
            # For a reach so wide that most who come next in the alphabet lie in it.
            models.Index(fields=["sort_key", "id"], name="people_person_sorted"),
            models.Index(
                fields=["of_age_on"], name="people_person_of_age", condition=models.Q(of_age_on__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Tag(models.Model):
    """A word by which a unit's organisers find people again."""

    person = models.ForeignKey(Person, on_delete=models.DO_NOTHING, db_constraint=False, related_name="tags")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    word = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.CheckConstraint(name="people_tag_is_a_word", condition=~models.Q(word="")),
            models.UniqueConstraint(fields=["person", "word"], name="people_tag_once"),
        ]
        indexes = [models.Index(fields=["unit", "word"], name="people_tag_of_a_unit")]

    def __str__(self) -> str:
        return self.word


class Standing(models.Model):
    """Until which day a person has paid: a dated fact, said by hand, by a list, later by the finances.

    `superseded_at` is empty while it is believed; one believed row for each person.
    """

    person = models.ForeignKey(
        Person, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+", db_index=False
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    paid_until = models.DateField()
    source = models.CharField(max_length=8)
    recorded_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="people_standing_source", condition=models.Q(source__in=("import", "hand", "finance"))
            ),
            models.UniqueConstraint(
                fields=["person"],
                name="people_standing_one_believed",
                condition=models.Q(superseded_at__isnull=True),
            ),
        ]
        indexes = [models.Index(fields=["person"], name="people_standing_of_person")]

    def __str__(self) -> str:
        return f"{self.person_id} paid until {self.paid_until}"
