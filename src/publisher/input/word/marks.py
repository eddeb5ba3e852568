"""Marks that stand in a Word document while mammoth reads it.

They are noncharacters, which are for internal use (Unicode 23.7): a document must not hold any, and loses those that it holds.
"""

from __future__ import annotations

import re

INSERTION = "\ufdd0{}\ufdd1"  # in place of a formula, or of an image that is not in the file
NUMBER = "\ufdd2{}{}\ufdd3"  # before a list item: its number in Word, and the type of number as in HTML
SIZE = "\ufdd4{}x{}\ufdd5"  # at the end of an alt text: width and height in CSS pixels
DIRECTION = "\ufdd6{}\ufdd7"  # at the start of a paragraph that runs from right to left: its language, if known
INSERTIONS = re.compile("\ufdd0(\\d+)\ufdd1")
NUMBERS = re.compile("\ufdd2(\\d+)([1aAiI])\ufdd3")
SIZES = re.compile("\ufdd4(\\d+)x(\\d+)\ufdd5")
DIRECTIONS = re.compile("\ufdd6([A-Za-z-]*)\ufdd7")
ANY = re.compile("[\ufdd0-\ufdd7]")
