"""One file a pass: `apply(article, manuscript) -> Article`. The order is publisher.normalize.PASSES."""
