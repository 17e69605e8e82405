"""What is worth a second look before a place is built?

Findings come from reading the files and from comparing them. Those on practices of other places are counted, not
listed. RULES holds every rule once, for the manual.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from commonweal.core.findings import Finding, in_order
from commonweal.place.checks.lists import blank_needs, list_movements, no_lists, sums_of_lines, sums_of_need
from commonweal.place.checks.practices import (
    changed_networks,
    closed_practices,
    far_practices,
    foreign_postcodes,
    location_disagreements,
    missing_practices,
    other_commissioners,
    unknown_locations,
)
from commonweal.place.inputs import Inputs

RULES: Mapping[str, str] = {
    "practice-closed": "A practice of the place has a closing day in the practice locations or the payments.",
    "not-in-need-file": "A practice of the place, or of one of its networks, is not in the need-weighted populations.",
    "not-in-payments-file": "A practice of the place has no row in the payments of the baseline year.",
    "not-in-locations": "A practice of the place is not in the practice locations.",
    "not-in-memberships": "A practice of the place is not in the practice membership of any year.",
    "not-in-list-count": "A practice of the place is missing from a count of registered lists.",
    "list-moved": "A list grew or shrank in a year by more than the list movement limit.",
    "no-list": "A practice of the place was paid in the baseline year but has no registered or no weighted people.",
    "total-differs": "The payment lines of a practice do not sum to the published total they belong to.",
    "need-sum-differs": "A need-weighted population, summed over the file, differs from the sum of projected people.",
    "need-component-blank": "A need-weighted population is published blank or zero; it counts as the tool says.",
    "postcode-outside": "A practice's postcode area is that of no other practice of the place.",
    "far-from-others": "A practice lies further from every other practice of the place than the limit.",
    "location-disagrees": "Two files place one practice further apart than the limit.",
    "location-unknown": "No file says where a practice stands.",
    "network-changed": "The latest membership puts a practice into another network than the baseline files do.",
    "several-commissioners": "A practice belongs to another board than the place's commissioner.",
    "code-duplicated": "A practice has more than one row; the first is kept, of locations an open one.",
    "code-missing": "A row has no practice code, year or day; it is kept out.",
    "code-malformed": "A practice code is not in the form of one; the row is kept out.",
    "postcode-malformed": "A postcode is not in the form of one; it is read as blank.",
    "date-malformed": "A day cannot be read; it is read as blank.",
    "text-malformed": "A text is not one of those the column holds.",
    "number-malformed": "A number cannot be read exactly; it is read as blank.",
    "number-negative": "A count of people is negative; it is read as blank.",
    "number-out-of-range": "A number lies outside what the column can hold; it is read as blank.",
    "value-missing": "A cell that must say something is blank.",
    "row-too-long": "A row has more cells than the file has headings.",
    "payment-line-unknown": "A payments file has a heading that no payment line names; it is not read.",
    "file-encoding": "A file is not UTF-8; it is read as Windows-1252.",
    "indicator-unknown": "A file of indicators holds no row of the deprivation score; it is not used.",
    "file-unrecognised": "A file has the columns of no known published form; it is not read.",
    "file-not-used": "Need-weighted populations of another year than the baseline are not used.",
    "not-the-baseline-year": "Payments of earlier years are kept to see how lists moved.",
    "year-disagrees": "A payments file's name, columns or years.yaml say different years.",
    "years-apart": "Payments and need-weighted populations are of different years, as the place allows.",
    "ledger-year": "A ledger row names no financial year; the row is kept out.",
    "ledger-service-line": "A ledger row names no known service line; the row is kept out.",
    "ledger-practice": "A ledger row names a practice that is not of the place; the row is kept out.",
    "findings-elsewhere": "Reading the files found something on practices that are not of the place.",
}


def check(inputs: Inputs) -> list[Finding]:
    """Everything worth a second look, worst first, in the same order on every run.

    Returns  findings on the place's practices and on whole files; those on other practices are counted in a note.
    """
    found = [
        *_of_the_place(inputs.findings, frozenset(inputs.codes)),
        *closed_practices(inputs),
        *missing_practices(inputs),
        *list_movements(inputs),
        *no_lists(inputs),
        *sums_of_lines(inputs),
        *sums_of_need(inputs),
        *blank_needs(inputs),
        *foreign_postcodes(inputs),
        *far_practices(inputs),
        *location_disagreements(inputs),
        *unknown_locations(inputs),
        *changed_networks(inputs),
        *other_commissioners(inputs),
    ]
    return in_order(found)


def _of_the_place(findings: Iterable[Finding], codes: frozenset[str]) -> list[Finding]:
    held = list(findings)
    ours = [f for f in held if f.practice_code in codes or not f.practice_code]
    others = len(held) - len(ours)
    if not others:
        return ours
    rows = "One finding is" if others == 1 else f"{others:,} findings are"
    message = f"{rows} on practices that are not of this place, and not listed."
    mend = "Nothing for this place; national sums leave out what could not be read."
    return [*ours, Finding("note", "findings-elsewhere", "", None, "", message, mend)]
