"""The account of a manuscript that was read, and the messages about what it does not account for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from publisher.input.manuscript import Manuscript
from publisher.ledger.account import Account, account_of, joined
from publisher.ledger.inventory import inventory_of
from publisher.ledger.kept import kept_of
from publisher.model.article import Article
from publisher.model.codes import Code
from publisher.model.diagnostics import PublisherError
from publisher.model.markup import xhtml

_LINE = re.compile(r"line (\d+)$")
# Of the running text of a web page; an article with less is probably not the whole article. It is the middle between the largest
# share of a wrong article and the smallest of a right article, in half of the pages (bench/ledger.py --small).
SMALL_SHARE = 0.2


def account_for(manuscript: Manuscript, articles: Sequence[Article], written: Sequence[str] = ()) -> Account | None:
    """The account; None if the manuscript cannot be counted. What is missing is reported with its place and some words.

    `written` is the XHTML of each article, if it is already written.
    """
    reported = len(manuscript.diagnostics)
    try:
        inventory, reason = inventory_of(manuscript), "the plug-in that reads it has no inventory"
    except PublisherError as problem:  # a part that the reader did not need
        inventory, reason = None, problem.diagnostics[0].message
    except RecursionError:
        inventory, reason = None, "it is nested too deeply"
    except Exception as bug:  # the article is read already, and the count must not cost it
        inventory, reason = None, f"an error in publisher itself, {type(bug).__name__}: {bug}"
    del manuscript.diagnostics[reported:]  # the same trouble as in reading
    if inventory is None:
        manuscript.report(Code.NOT_COUNTED, f"the ledger does not count this file: {reason}")
        return None
    removals = [removal for article in articles for removal in article.removed]
    parts = [kept_of(*pair) for pair in zip(articles, written or [xhtml(article.root) for article in articles], strict=True)]
    account = account_of(inventory, joined(parts), (*removals, *manuscript.removed), parts if len(parts) > 1 else ())
    if account.lost is not None:
        lost, line = account.lost, _LINE.match(account.lost.place)
        place = f", most of them in {lost.place}" if lost.place and not line else ""
        share = max(1, round(100 * lost.words / account.words))
        words_are = "1 word is" if lost.words == 1 else f"{lost.words:,} of {account.words:,} words ({share} %) are"
        manuscript.report(
            Code.WORDS_UNACCOUNTED,
            f"{words_are} neither in the article nor recorded as removed{place}: “{lost.sample}”",
            line=int(line[1]) if line else 0,
            hint="compare the article with the file, and report it with the manuscript",
        )
    if account.lost_images:
        images_are = "1 image is" if account.lost_images == 1 else f"{account.lost_images} images are"
        manuscript.report(
            Code.IMAGES_UNACCOUNTED,
            f"{images_are} neither in the article nor recorded as removed",
            hint="compare the article with the file, and report it with the manuscript",
        )
    if account.prose and account.kept_prose < SMALL_SHARE * account.prose:
        share = round(100 * account.kept_prose / account.prose)
        manuscript.report(
            Code.ARTICLE_SMALL,
            f"the article has only {share} % of the {account.prose:,} words of running text of the page",
            hint="look whether it is the right part of the page; publisher tree --to json lists what was removed",
        )
    return account
