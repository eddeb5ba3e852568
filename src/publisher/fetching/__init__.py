"""The only package that opens network connections. It saves pages, feeds and sources as manuscripts; a build needs no network.

`transport` connects, directly or through one of the `proxies`; `net` makes the requests with the `credentials` of the user and
refuses addresses, `robots` reads robots.txt, `snapshot` makes the files of one capture, `capture` writes those of a run into a
folder that it locks. `feeds` captures the feeds of a manifest, `run` any addresses.
"""
