"""The organisation's clock and the marks that settle what was known when."""

from django.db import models


class Clock(models.Model):
    """One row: how far organisation time runs ahead of the machine, and the database's generation.

    `ahead` is zero in a real installation; the demo sets it once. `generation` rises by one with
    every restore, because transaction numbers begin anew there (see `org_stamp` in the migration).
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    ahead = models.DurationField()
    generation = models.SmallIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="kernel_clock_is_one_row")]

    def __str__(self) -> str:
        return f"ahead by {self.ahead}, generation {self.generation}"


class SettleMark(models.Model):
    """At `taken_at` (organisation time) all transactions stamped below `stamp` had ended.

    `next_stamp` is what the next transaction would have been stamped. A fact is known at K iff
    recorded_at <= K and its stamp is below the `next_stamp` of the first mark taken at or after K; it
    may still be waiting for its commit until a mark's `stamp` has reached that. While there is no such
    mark, being visible is enough.
    """

    taken_at = models.DateTimeField()
    stamp = models.BigIntegerField()
    next_stamp = models.BigIntegerField(db_default=models.Func(function="org_next"))

    class Meta:
        indexes = [models.Index(fields=["taken_at"], name="kernel_settlemark_taken_at")]

    def __str__(self) -> str:
        return f"settled below {self.stamp} at {self.taken_at}"
