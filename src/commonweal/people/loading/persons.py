"""What is known of each person when several files and the record each say something?"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from commonweal.core.tables import conformed

# Further back than any file: what the record says stands where no new file says anything.
RECORD_RANK = 9
FILES_AT_MOST = 100_000
FACTS = ibis.schema(
    {
        "person": "int64",
        "rank": "int32",
        "file": "int32",
        "sex": "string",
        "ethnicity": "string",
        "death_date": "date",
        "birth_month": "date",
        "born_from": "int32",
        "born_to": "int32",
    }
)
_ = ibis._


def facts_of_record(persons: ir.Table) -> ir.Table:
    """What the record says of each person, to be put beside what new files say.

    Takes    persons: table `persons`.
    Returns  the columns of FACTS; one row per person.
    """
    return persons.select(
        "person",
        rank=ibis.literal(RECORD_RANK, "int32"),
        file=ibis.literal(0, "int32"),
        sex=persons.sex,
        ethnicity=persons.ethnicity,
        death_date=persons.death_date,
        birth_month=persons.birth_month,
        born_from=ibis.null("int32"),
        born_to=ibis.null("int32"),
    )


def known_persons(facts: ir.Table) -> ir.Table:
    """One row per person from all that is said of them.

    Takes    facts: the columns of FACTS; a lower rank counts further, and of one rank the later file.
    Returns  table `persons`. A stated ethnic category counts before `not stated`. Without any date of birth the month
             of birth is the middle of the months that the ages leave open.
    Raises   nothing.
    """
    place = facts["rank"] * FILES_AT_MOST - facts.file
    held = facts.mutate(place=place, stated=(facts.ethnicity == "Z").ifelse(ibis.null("string"), facts.ethnicity))
    said = {
        name: held[name].argmin(held.place, where=held[name].notnull())
        for name in ("sex", "stated", "ethnicity", "death_date", "birth_month")
    }
    grouped = held.group_by("person").aggregate(**said, born_from=held.born_from.max(), born_to=held.born_to.min())
    # Ages that contradict one another leave no month open; the latest that all allow is taken.
    earliest = ibis.least(grouped.born_from, grouped.born_to)
    middle = ((earliest + grouped.born_to) / 2).floor().cast("int32")
    text = (middle / 12).floor().cast("int32").cast("string").lpad(4, "0")
    text = text + "-" + (middle % 12 + 1).cast("string").lpad(2, "0") + "-01"
    from_age = text.try_cast("date")
    return conformed(
        grouped.mutate(
            ethnicity=ibis.coalesce(grouped.stated, grouped.ethnicity),
            birth_month=ibis.coalesce(grouped.birth_month, from_age),
        ),
        "persons",
    )
