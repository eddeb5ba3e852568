"""The only part that opens network connections: pages, feeds and sources become manuscripts on disk, so that a build needs none.

`net` makes the requests and refuses addresses, `robots` asks who may come, `snapshot` is what one page becomes, `run` does
many at once.
"""
