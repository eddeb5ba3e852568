"""`publisher explain`: what the code behind a message means, and what to do."""

from __future__ import annotations

import difflib

import click

from publisher.cli import console, options


@options.command("publisher explain link-broken\npublisher explain ua-13-004", short_help="Explain a message by its code.")
@click.argument("code", required=False)
def explain(code: str | None) -> None:
    """Explain the code in brackets behind a message; without a code, list all codes."""
    from publisher.checks.reference import entries, entry_of

    if code is None:
        known = entries()
        width = max(len(entry.name) for entry in known) + 2
        console.print_text("".join(f"{entry.name:<{width}}{entry.meaning}\n" for entry in known))
        return
    entry = entry_of(code.strip("[]"))
    if entry is None:
        near = difflib.get_close_matches(code, [entry.name for entry in entries()], n=1, cutoff=0.5)
        raise click.UsageError(f"unknown code {code!r}" + (f"; did you mean {near[0]!r}?" if near else ""))
    lines = [f"{code} ({entry.severity})", "", entry.meaning]
    lines += ["", f"example: {entry.example}"] if entry.example else []
    console.print_text("\n".join([*lines, "", f"what to do: {entry.remedy}", ""]))
