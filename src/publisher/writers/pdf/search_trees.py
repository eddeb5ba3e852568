"""Name trees and number trees (ISO 32000-1, 7.9.6 and 7.9.7): sorted keys and values, in leaves that state their limits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

from pikepdf import String

from publisher.writers.pdf.growing_file import GrowingFile

_LEAF, _BRANCH = 200, 100  # pairs of a leaf; kids of a branch


def add_name_tree(file: GrowingFile, values: Iterable[tuple[bytes, bytes]]) -> int:
    """Writes a name tree of (key, value as written); gives the number of its root."""
    pairs = [(String(key).unparse(), value) for key, value in sorted(values)]
    return _add_tree(file, b"/Names", pairs)


def add_number_tree(file: GrowingFile, values: Iterable[tuple[int, bytes]]) -> int:
    """Writes a number tree of (key, value as written); gives the number of its root."""
    return _add_tree(file, b"/Nums", [(b"%d" % key, value) for key, value in sorted(values)])


def _add_tree(file: GrowingFile, kind: bytes, pairs: Sequence[tuple[bytes, bytes]]) -> int:
    """A small tree is a single node."""
    leaves = [pairs[start : start + _LEAF] for start in range(0, len(pairs), _LEAF)] or [pairs]
    nodes = [(kind, b" ".join(chain.from_iterable(leaf)), _limits(leaf)) for leaf in leaves]
    while len(nodes) > 1:
        kids = [(b"%d 0 R" % file.add(_node(*node, with_limits=True)), node[2]) for node in nodes]
        branches = [kids[start : start + _BRANCH] for start in range(0, len(kids), _BRANCH)]
        nodes = [(b"/Kids", b" ".join(kid for kid, _ in branch), (branch[0][1][0], branch[-1][1][1])) for branch in branches]
    return file.add(_node(*nodes[0], with_limits=False))


def _limits(pairs: Sequence[tuple[bytes, bytes]]) -> tuple[bytes, bytes]:
    return (pairs[0][0], pairs[-1][0]) if pairs else (b"", b"")


def _node(kind: bytes, items: bytes, limits: tuple[bytes, bytes], *, with_limits: bool) -> bytes:
    """Only the root has no limits."""
    return b"<< %s%s [ %s ] >>" % (b"/Limits [ %s %s ] " % limits if with_limits else b"", kind, items)
