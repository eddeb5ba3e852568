"""The ledger as a table for people and as values for scripts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict

from publisher.cli import console
from publisher.ledger.account import Account

Accounts = Sequence[tuple[str, Account]]
_COUNTS = ("kept", "removed", "unaccounted")
_HEAD = ("", "words", *_COUNTS, "images", *_COUNTS, "tables", "notes", "links")
_LONGEST_NAME = 40


def show_ledger(accounts: Accounts, log_format: str, *, verbose: bool) -> None:
    """Prints the account of each manuscript, by its label; as JSON all of it."""
    if log_format == "json":
        for label, account in accounts:
            counts = zip(_COUNTS, _numbers(account)[1:4], strict=True)
            line = ", ".join(
                [f"{label}: {console.plural(account.words, 'word')}", *(f"{count:,} {name}" for name, count in counts)]
            )
            console.tell(line, log_format, file=label, account=asdict(account))
    else:
        for line in ledger_lines(accounts, verbose=verbose):
            console.tell(line, log_format)


def ledger_lines(accounts: Accounts, *, verbose: bool) -> Iterator[str]:
    """The lines of the table, `verbose` with the words that each rule removed.

    Of tables, notes and links a cell has two numbers if fewer or more are in the articles than in the manuscript: `3 > 2`.
    """
    rows = [_HEAD, *(_row(label, account) for label, account in accounts)]
    if len(accounts) > 1:
        rows.append(_total(accounts))
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    for number, (name, *cells) in enumerate(rows):
        numbers = [cell.rjust(width) for cell, width in zip(cells, widths[1:], strict=True)]
        yield "  ".join([name.ljust(widths[0]), *numbers]).rstrip()
        if verbose and 0 < number <= len(accounts):
            for removed in accounts[number - 1][1].removed:
                images = f", {console.plural(removed.images, 'image')}" if removed.images else ""
                yield f"    {removed.rule}: {console.plural(removed.words, 'word')}{images}"


def _numbers(account: Account) -> tuple[int, ...]:
    words = (account.words, account.kept_words, account.removed_words, account.open_words)
    return (*words, account.images, account.kept_images, account.removed_images, account.lost_images)


def _row(label: str, account: Account) -> tuple[str, ...]:
    name = label if len(label) <= _LONGEST_NAME else f"…{label[1 - _LONGEST_NAME :]}"
    pairs = (account.tables, account.notes, account.links)
    counts = (str(held) if held == kept else f"{held} > {kept}" for held, kept in pairs)
    return (name, *(f"{number:,}" for number in _numbers(account)), *counts)


def _total(accounts: Accounts) -> tuple[str, ...]:
    columns = zip(*(_numbers(account) for _, account in accounts), strict=True)
    return ("in all", *(f"{sum(column):,}" for column in columns), "", "", "")
