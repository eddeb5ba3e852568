"""The only package that opens network connections. It saves pages, feeds and sources as manuscripts; a build needs no network.

`net` makes the requests and refuses addresses, `robots` reads robots.txt, `snapshot` makes the files of one capture, `run`
fetches many addresses at once.
"""
