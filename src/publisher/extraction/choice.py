"""One leaf of the article's part of a page, and whether it stays."""

from __future__ import annotations

from dataclasses import dataclass

from publisher.extraction.clutter import CAPTION, CLUTTER, CLUTTER_TAGS, FACTS
from publisher.extraction.text_blocks import TextBlock

BYLINE_LEFT = "byline or date, now in the header"
UNTAKEN, TEASER = "no extractor takes it", "a teaser"  # rules that others may overrule


@dataclass(frozen=True)
class Vote:
    """Which of the two would keep a leaf."""

    trafilatura: bool
    readability: bool

    @property
    def both(self) -> bool:
        return self.trafilatura and self.readability


@dataclass(eq=False)
class Choice:
    """A leaf in the article's part of the page; `why` is the rule that cut it, empty where it stays."""

    leaf: TextBlock
    vote: Vote
    names: tuple[str, ...]
    tags: frozenset[str]
    cut_rule: str = UNTAKEN
    certain: bool = True

    @property
    def kept(self) -> bool:
        return not self.cut_rule

    @property
    def quoted(self) -> bool:
        return "blockquote" in self.tags

    @property
    def cluttered(self) -> bool:
        if self.quoted or any(map(FACTS.search, self.names)):
            return False
        apparatus = self.tags & CLUTTER_TAGS - ({"aside"} if self.is_remark else set())
        return bool(apparatus) or any(map(CLUTTER.search, self.names))

    @property
    def is_remark(self) -> bool:
        """Whether a text stands in an aside that its page calls nothing, and leads nowhere: a remark, no teaser."""
        around = next(self.leaf.element.iterancestors("aside"), None)
        return around is not None and not around.attrib and next(around.iter("a"), None) is None

    @property
    def caption(self) -> bool:
        return "figcaption" in self.tags or any(map(CAPTION.search, self.names[:2]))
