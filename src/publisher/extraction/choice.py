"""A text block of the article's part of a page, and whether it stays."""

from __future__ import annotations

from dataclasses import dataclass

from publisher.extraction.clutter import CAPTION, CLUTTER, CLUTTER_TAGS, FACTS
from publisher.extraction.text_blocks import TextBlock

HEADLINE = "the headline"
STANDFIRST = "the standfirst"
NO_VOTE, TEASER = "no extractor takes it", "a teaser"  # rules that later steps may overrule


@dataclass(frozen=True)
class Vote:
    """Which of the two extractors would keep a text block."""

    trafilatura: bool
    readability: bool

    @property
    def both(self) -> bool:
        return self.trafilatura and self.readability


@dataclass(eq=False)
class Choice:
    """A text block in the article's part of the page; `cut_rule` is the rule that removed it, empty if the block stays."""

    block: TextBlock
    vote: Vote
    names: tuple[str, ...]
    tags: frozenset[str]
    cut_rule: str = NO_VOTE
    certain: bool = True

    @property
    def kept(self) -> bool:
        return not self.cut_rule

    @property
    def quoted(self) -> bool:
        return "blockquote" in self.tags

    @property
    def is_clutter(self) -> bool:
        if self.quoted or any(map(FACTS.search, self.names)):
            return False
        clutter_tags = self.tags & CLUTTER_TAGS - ({"aside"} if self.is_remark else set())
        return bool(clutter_tags) or any(map(CLUTTER.search, self.names))

    @property
    def is_remark(self) -> bool:
        """Whether the block stands in an aside without attributes and without links: a remark, not a teaser."""
        aside = next(self.block.element.iterancestors("aside"), None)
        return aside is not None and not aside.attrib and next(aside.iter("a"), None) is None

    @property
    def is_caption(self) -> bool:
        return "figcaption" in self.tags or any(map(CAPTION.search, self.names[:2]))
