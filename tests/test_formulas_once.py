"""Drawing formulas: the change to ziamath keeps every drawing, nesting costs little, and the same formula is drawn once."""

from __future__ import annotations

import pytest
import ziamath
from ziamath.nodes.mrow import Mrow
from ziamath.zmath import Latex, Math

from publisher.text import mathematics, ziamath_patches
from publisher.text.mathematics import FormulaError, from_mathml
from tests.line_count import lines_run

TEX = [
    r"a x^{2} = \frac{1}{b}",
    r"\left(\frac{a}{\left[\frac{b}{c}\right]}\right)^2",
    r"\sum_{i=0}^{n} \left\{ x_i \middle| y \right\}",
    r"\overbrace{\left(\frac{a}{b}\right)+c}^{n}",
    r"\begin{pmatrix} a & b \\ c & \frac{d}{e} \end{pmatrix}",
    r"\sqrt[3]{\left|x\right|}",
    r"f(g(h(x)))",
]
POWER = "<msup><mrow><mo>(</mo><mfrac><mi>a</mi><mi>b</mi></mfrac><mo>)</mo></mrow><mn>2</mn></msup>"
MATHML = [
    "<mrow><mo>[</mo><mfrac><mrow><mo>(</mo><mi>x</mi><mo>)</mo></mrow><mn>2</mn></mfrac><mo>]</mo></mrow>",
    f"<mrow><mo>(</mo>{POWER}<mo>)</mo></mrow>",
    "<mrow><mo>{</mo><msup><mo>)</mo><mfrac><mn>1</mn><mn>2</mn></mfrac></msup><mo>}</mo></mrow>",
    '<munder><mrow><mo>(</mo><mi>x</mi><mo>)</mo></mrow><mo stretchy="true">⏟</mo></munder>',
]


def drawings() -> list[str]:
    return [Latex(tex).svg() for tex in TEX] + [Math(f"<math>{mathml}</math>").svg() for mathml in MATHML]


def test_the_drawings_are_the_same_with_the_change_and_without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Mrow, "_get_height_nostretch", ziamath_patches._heights)
    without = drawings()
    monkeypatch.setattr(Mrow, "_get_height_nostretch", ziamath_patches._measured)
    assert drawings() == without


def test_the_change_is_in_effect_in_the_installed_version() -> None:
    ziamath_patches.measure_rows_that_stretch()
    assert Mrow._get_height_nostretch is ziamath_patches._measured, f"read mrow.py of ziamath {ziamath.__version__} again"


def nested(depth: int, opening: str, closing: str) -> str:
    return f"<math>{opening * depth}<mi>x</mi>{closing * depth}</math>"


@pytest.mark.parametrize("brackets", [("", ""), ("<mo>(</mo>", "<mo>)</mo>")])
def test_nesting_does_not_double_the_work(brackets: tuple[str, str]) -> None:
    opening, closing = f"<mrow>{brackets[0]}<mfrac>", f"<mn>2</mn></mfrac>{brackets[1]}</mrow>"
    small, large = (lines_run(from_mathml, nested(depth, opening, closing), "x") for depth in (6, 12))
    assert large < 5 * small  # the work for one row grows with what is in it


def test_a_nest_of_brackets_with_scripts_is_refused_before_it_takes_minutes() -> None:
    with pytest.raises(FormulaError, match="brackets are nested too deeply"):
        from_mathml(nested(30, "<msup><mrow><mo>(</mo>", "<mo>)</mo></mrow><mn>2</mn></msup>"), "x")


def test_a_formula_that_comes_again_is_not_drawn_again(monkeypatch: pytest.MonkeyPatch) -> None:
    first = from_mathml("<math><mi>q</mi><mo>+</mo><mn>77</mn></math>", "q plus 77")
    monkeypatch.setattr(mathematics, "_svg_and_size", None)
    assert from_mathml("<math><mi>q</mi><mo>+</mo><mn>77</mn></math>", "q plus 77") == first
