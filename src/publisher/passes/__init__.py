"""One module for each pass: `apply(article, manuscript) -> Article`. publisher.passes.pipeline.PASSES is their order."""
