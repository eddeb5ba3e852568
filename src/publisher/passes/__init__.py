"""One file a pass: `apply(article, manuscript) -> Article`. The order is publisher.passes.pipeline.PASSES."""
