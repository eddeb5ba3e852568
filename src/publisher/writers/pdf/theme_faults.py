"""Whose fault it is that the engine raises: a rule of the user's theme, if the sheet can be laid out without it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import tinycss2

from publisher.model.diagnostics import Diagnostic
from publisher.writers.pdf.styles import StyleSheet, fault
from publisher.writers.themes import shipped

_HINT = "remove the rule, or write it in another way"
LaysOut = Callable[[Sequence[StyleSheet]], bool]


def theme_fault(sheets: Sequence[StyleSheet], problem: Exception, lays_out: LaysOut) -> Diagnostic | None:
    """An error that names the first rule with which the engine raises `problem`; None if no style sheet of the user is at fault.

    `lays_out` says whether the engine can lay out the same articles with other style sheets. It is asked once for each of the
    user's style sheets, and a few times more for the rules of one of them.
    """
    for index, sheet in enumerate(sheets):
        if sheet.path.is_relative_to(shipped()) or not lays_out([*sheets[:index], *sheets[index + 1 :]]):
            continue
        rules = tinycss2.parse_stylesheet(sheet.css, skip_comments=True, skip_whitespace=True)
        good, bad = 0, len(rules)  # numbers of first rules: with so many it can be laid out, and cannot
        while bad - good > 1:
            middle = (good + bad) // 2
            shortened = replace(sheet, css=tinycss2.serialize(rules[:middle]))
            if lays_out([*sheets[:index], shortened, *sheets[index + 1 :]]):
                good = middle
            else:
                bad = middle
        line, column = (rules[good].source_line, rules[good].source_column) if rules else (0, 0)
        message = f"the typesetting engine fails on this rule: {type(problem).__name__}: {problem}"
        return fault(sheet.path, message, line, column, _HINT)
    return None
