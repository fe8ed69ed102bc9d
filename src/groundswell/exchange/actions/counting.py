"""The counts of a batch are those of its lines."""

from django.db.models import Count

from groundswell.exchange.models import Batch, Line


def counted(batch: Batch) -> Batch:
    """Bring the batch's counts up to what its lines say; return it.

    A line that is passed over is no row of it.
    """
    counts = dict(
        Line.objects.filter(batch=batch).values_list("outcome").annotate(count=Count("pk")).order_by()
    )
    for outcome in ("new", "known", "doubtful", "refused", "passed"):
        setattr(batch, outcome, counts.get(outcome, 0))
    batch.rows = sum(counts.values()) - batch.passed
    batch.save(update_fields=["rows", "new", "known", "doubtful", "refused", "passed"])
    return batch
