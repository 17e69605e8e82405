"""What is wrong with a row of care when it is held against the person's other rows, registrations, birth and death?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import ibis
import ibis.expr.types as ir

from commonweal.core.parameters import Parameters
from commonweal.core.tables import definitions
from commonweal.people.loading.rules import Flag

MONTH_KEY = ("source_name", "kind", "provider", "month")
# A flow whose contacts and stays come in files of their own: a month of the one says nothing of the other.
TWO_FILES = "mhsds"
STAYS = "sus_apc"
PLACE_DIGITS = 6
_ = ibis._


def flow_months(care: ir.Table) -> ir.Table:
    """How many rows each flow, provider and month has, and the latest submission of it.

    Takes    care: source_name, pod_l2a, prov_code, reported, submission (null where the source counts none).
    Returns  source_name, kind (the second level of a flow of two files, else empty), provider (empty where not known),
             month, rows, latest (null where none is counted); one row per flow, kind, provider and month.
    """
    return _with_month(care).group_by(*MONTH_KEY).aggregate(rows=_.count(), latest=_submission(_.submission).max())


def _submission(text: ir.StringValue) -> ir.IntegerValue:
    return text.try_cast("int64")


def _with_month(care: ir.Table) -> ir.Table:
    month = care.reported.truncate("M").cast("date")
    kind = (care.source_name == TWO_FILES).ifelse(ibis.coalesce(care.pod_l2a, ""), "")
    return care.mutate(kind=kind, provider=ibis.coalesce(care.prov_code, ""), month=month)


def reported_activity(activity: ir.Table) -> ir.Table:
    """The record's own activity with the day by which it is counted: stays in hospital when they end.

    Takes    activity: table `activity`.
    Returns  its columns, reported, and submission (null).
    """
    stay = activity.source_name == STAYS
    reported = stay.ifelse(ibis.coalesce(activity.dep_date, activity.arr_date), activity.arr_date)
    return activity.mutate(reported=reported, submission=ibis.null("string"))


def months_again(new: ir.Table, old: ir.Table, *, share: float) -> ir.Table:
    """The months that a load sends again.

    Takes    new, old: as flow_months(); share: rows of a month, as a share of the record's, from which they replace it.
    Returns  source_name, kind, provider, month and rows (the record's); one row per month replaced.
    """
    both = old.inner_join(new, list(MONTH_KEY)).select(old, new_rows=new.rows)
    return both.filter(both.new_rows >= both.rows * share).select(*MONTH_KEY, "rows")


def kept_activity(old: ir.Table, again: ir.Table, new: ir.Table) -> ir.Table:
    """The record's activity that a load does not replace.

    Takes    old: as reported_activity(); again: as months_again(); new: the load's rows: person, source_name,
             source_id.
    Returns  the rows of months that were not sent again, without those that the load holds under the same identifier.
    """
    held = _with_month(old).anti_join(again, list(MONTH_KEY))
    same = new.filter(new.source_id.notnull()).select("person", "source_name", "source_id").distinct()
    return held.anti_join(same, ["person", "source_name", "source_id"]).select(*definitions()["activity"].schema)


def judged(
    care: ir.Table, latest: ir.Table, persons: ir.Table, registrations: ir.Table, of_place: ir.Table
) -> ir.Table:
    """Rows of care beside what they are held against.

    Takes    care: drafts with source_id, file, row, reported, submission; latest: as flow_months(); persons: person,
             birth_month, death_date; registrations: one at a time; of_place: the people (person) who are or were the
             place's.
    Returns  every row and column; latest (submission of its month), place (0 for the row that stands for its
             identifier: of the last file, there the first row), birth_month, death_date, registered_ever (whether of
             the place), registered_with (the practice on the day, null for none).
    """
    held = _with_month(care)
    sent = latest.select(*MONTH_KEY, "latest")
    held = held.left_join(sent, list(MONTH_KEY)).drop(*(f"{name}_right" for name in MONTH_KEY))
    superseded = (held.latest > _submission(held.submission)).fill_null(False)
    same = ibis.window(
        group_by=["person", "source_name", "source_id"],
        order_by=[superseded, ibis.desc("file"), "row", "arr_date"],
    )
    held = held.mutate(superseded=superseded, place=ibis.row_number().over(same))
    people = persons.select("person", "birth_month", "death_date")
    held = held.left_join(people, "person").drop("person_right")
    ever = of_place.select("person").distinct().mutate(registered=True)
    held = held.left_join(ever, "person").drop("person_right")
    spell = registrations.select(holder="person", registered_with="practice_code", from_="start", to="end")
    on_day = [
        held.person == spell.holder,
        held.arr_date >= spell.from_,
        spell.to.isnull() | (held.arr_date < spell.to),
    ]
    held = held.left_join(spell, on_day).drop("holder", "from_", "to")
    return held.mutate(registered_ever=held.registered.fill_null(False)).drop("registered")


def crossed_flags(
    table: ir.Table, *, practices: Sequence[str], any_registrations: bool, parameters: Parameters, on: date
) -> list[Flag]:
    """What is wrong with rows of care held against one another, registrations, births and deaths.

    Takes    table: as judged() returns; practices: of the place; any_registrations: whether the record has any.
    """
    days = int(parameters["loading_days_after_death"].on(on).number())
    dead = table.arr_date > table.death_date
    long_dead = table.arr_date.delta(table.death_date, unit="day") > days
    theirs = table.practice_code.isin(list(practices)).fill_null(False)
    stranger = ~table.registered_ever & ~theirs
    flags = [
        Flag("month-sent-again", "", table.superseded, True),
        Flag("duplicate", "", ~table.superseded & (table.place > 0), True),
        Flag("before-birth", "", table.arr_date < table.birth_month, True),
        Flag("after-death", "", dead & long_dead, True),
        Flag("soon-after-death", "", dead & ~long_dead),
    ]
    if any_registrations:
        flags.append(Flag("not-registered", "", stranger, True))
        flags.append(Flag("not-registered-that-day", "", ~stranger & table.registered_with.isnull()))
    else:
        flags.append(Flag("no-registrations", "", ibis.literal(True)))
    return flags


def stays(care: ir.Table) -> ir.Table:
    """Episodes of one stay in hospital as one row; all other care as it is.

    Takes    care: kept rows with stay, episode_order, file, row and the record's columns.
    Returns  table `activity`. A stay has its first episode's kind, specialty, method and provider, the last leaving
             day of any, all diagnoses in the order of its episodes, the first HRG, and the sum of their costs.
    """
    record = list(definitions()["activity"].schema)
    others = care.filter(care.source_name != STAYS).select(record)
    mine = care.filter(care.source_name == STAYS)
    # Where episodes are not numbered, their order in the file is all there is.
    order = [ibis.coalesce(mine.episode_order, 0), mine.file, mine.row]
    place = ibis.row_number().over(ibis.window(group_by=["person", "stay"], order_by=order))
    numbered = mine.mutate(place=place)
    # Sorted by a number before them: Spark does not put what it collects in order.
    before = numbered.place.cast("string").lpad(PLACE_DIGITS, "0") + ":"
    numbered = numbered.mutate(placed=before + numbered.diag_codes)
    group = numbered.group_by("person", "stay")
    first = {
        name: numbered[name].argmin(numbered.place, where=numbered[name].notnull())
        for name in record
        if name not in ("person", "source_id", "arr_date", "dep_date", "diag_codes", "cost_pence")
    }
    merged = group.aggregate(
        **first,
        arr_date=numbered.arr_date.min(),
        dep_date=numbered.dep_date.max(),
        diagnoses=numbered.placed.collect(where=numbered.placed.notnull()),
        cost_pence=numbered.cost_pence.sum(),
    )
    diagnoses = merged.diagnoses.sort().join(",").re_replace("[0-9]+:", "").nullif("")
    merged = merged.mutate(source_id=merged.stay, diag_codes=diagnoses).select(record)
    return others.union(merged.cast(others.schema()))
