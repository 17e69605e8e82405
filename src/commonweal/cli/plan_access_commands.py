"""The commands about access: `plan triage`, `plan answering`."""

from __future__ import annotations

from datetime import datetime

import click

from commonweal.cli.output import format_option, show
from commonweal.cli.plan_intervention_commands import day_option
from commonweal.core.parameters import library
from commonweal.plan.access.records import route_rows, triage_record, waiting_row
from commonweal.plan.access.triage import REQUESTS, one_at_a_time, triage_routes
from commonweal.plan.access.waiting import staff_needed
from commonweal.web.pages.access import triage_document, waiting_document

PER = 1000


@click.command("triage")
@click.option("--people", type=click.IntRange(1), default=10_000, show_default=True, help="People on the list.")
@day_option
@format_option
def plan_triage_command(people: int, day: datetime, form: str) -> None:
    """Say how much of doctors' time each way in takes: face to face, telephone first, online first."""
    on, parameters = day.date(), library()
    routes = triage_routes(parameters, on)
    requests = float(parameters[REQUESTS].on(on).number()) * people / PER
    tried = {code: one_at_a_time(parameters, on, code) for code in routes}
    show(
        form,
        document=lambda: triage_document(routes, tried, requests, people),
        data=lambda: triage_record(routes, tried, requests),
        rows=lambda: route_rows(routes, requests),
    )


@click.command("answering")
@click.option("--calls", type=click.FloatRange(0, min_open=True), required=True, help="Calls in the busy hour.")
@click.option("--minutes", type=click.FloatRange(0, min_open=True), required=True, help="Minutes a call takes.")
@click.option("--target", type=click.FloatRange(0), required=True, help="Minutes that a caller should wait at most.")
@click.option("--share", type=float, required=True, help="Share of callers for whom that holds, as 0.9.")
@format_option
def plan_answering_command(calls: float, minutes: float, target: float, share: float, form: str) -> None:
    """Say how many people must answer calls, so that a share of callers is answered in time."""
    found = staff_needed(calls, minutes, target_minutes=target, share=share)
    show(
        form,
        document=lambda: waiting_document(found, target),
        data=lambda: waiting_row(found),
        rows=lambda: [waiting_row(found)],
    )
