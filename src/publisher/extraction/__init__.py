"""Finding the article in a saved web page: two extractors mark what belongs, our own tree is cut along the marks.

So figures, tables, code and notes stay whatever an extractor does to them. In order: pictures (the best copy of each), leaves
(the texts of a page), votes (who marks which), choose (what stays: by votes and neighbors, then places, then wholes), facts
(metadata), cut (the tree without the rest), figures (pictures with their captions). What pages call clutter is in clutter (names)
and phrases (words).
"""
