"""The ledger: what a manuscript holds, counted apart from its reader, against what was kept and what was removed.

An inventory may use the parsers of containers and markup that a reader uses, but nothing that a reader decides.
"""
