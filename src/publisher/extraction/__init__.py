"""Finds the article in a saved web page: two extractors mark the text that belongs to it, our own tree is cut by these marks.

The extractors do not change the tree, so figures, tables, code and notes stay as they are. The steps in order: images (the best
copy of each), text blocks (the texts of a page), votes (which extractor marks which block), choose (what stays: by votes and
neighbors, then by place, then whole tables, lists and notes), metadata, cut (removes the rest from the tree), figures (images
with their captions). The names of boilerplate are in clutter, its phrases in phrases.
"""
