"""Marks that stand in a Word document while mammoth reads it.

They are noncharacters, which are for internal use (Unicode 23.7): a document must not hold any, and loses those that it holds.
"""

from __future__ import annotations

import re

INSERTION = "\ufdd0{}\ufdd1"  # in place of a formula, or of an image that is not in the file
NUMBER = "\ufdd2{}\ufdd3"  # before a list item: its number in Word
SIZE = "\ufdd4{}x{}\ufdd5"  # at the end of an alt text: width and height in CSS pixels
INSERTIONS = re.compile("\ufdd0(\\d+)\ufdd1")
NUMBERS = re.compile("\ufdd2(\\d+)\ufdd3")
SIZES = re.compile("\ufdd4(\\d+)x(\\d+)\ufdd5")
ANY = re.compile("[\ufdd0-\ufdd5]")
MAY_HOLD_ANY = re.compile(rb"\xef\xb7|&#|\x00")  # as UTF-8, as numeric references, or UTF-16
