"""What a cleaned SVG may have: elements, attributes and CSS properties of still drawings (SVG 1.1 and SVG 2).

Everything else goes: scripts, event handlers, links, animations, embedded pages, fonts, and the markup of drawing programs.
"""

from __future__ import annotations


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


# The filters that browsers, and so e-readers, draw. WeasyPrint leaves most of them out.
_FILTERS = _names(
    """
    filter feBlend feColorMatrix feComponentTransfer feComposite feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR
    feGaussianBlur feMerge feMergeNode feMorphology feOffset
    """
)
TEXT_ELEMENTS = _names("text tspan textPath title desc")  # those whose characters count
ELEMENTS = TEXT_ELEMENTS | _FILTERS | _names(
    """
    svg g defs symbol use path rect circle ellipse line polyline polygon linearGradient radialGradient stop pattern clipPath mask
    marker
    """
)  # fmt: skip

_XML = "{http://www.w3.org/XML/1998/namespace}"
ATTRIBUTES = frozenset({f"{_XML}space", f"{_XML}lang"}) | _names(
    """
    id class lang type media version viewBox preserveAspectRatio x y width height x1 y1 x2 y2 cx cy r rx ry fx fy fr d points
    pathLength transform dx dy rotate textLength lengthAdjust startOffset method spacing side offset gradientUnits
    gradientTransform spreadMethod patternUnits patternContentUnits patternTransform clipPathUnits maskUnits maskContentUnits
    markerWidth markerHeight markerUnits refX refY orient filterUnits primitiveUnits in in2 result stdDeviation mode values
    operator k1 k2 k3 k4 radius edgeMode tableValues slope intercept amplitude exponent
    """
)

# Properties that are also attributes ("presentation attributes"), and others that style sheets of drawings use.
PROPERTIES = _names(
    """
    alignment-baseline baseline-shift clip clip-path clip-rule color color-interpolation color-interpolation-filters
    color-rendering cursor direction display dominant-baseline fill fill-opacity fill-rule filter flood-color flood-opacity font
    font-family font-feature-settings font-kerning font-size font-size-adjust font-stretch font-style font-variant
    font-variant-ligatures font-variant-numeric font-weight image-rendering isolation letter-spacing lighting-color line-height
    marker marker-end marker-mid marker-start mask mask-type mix-blend-mode opacity overflow paint-order pointer-events
    shape-rendering stop-color stop-opacity stroke stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin
    stroke-miterlimit stroke-opacity stroke-width text-align text-anchor text-decoration text-decoration-color
    text-decoration-line text-decoration-style text-indent text-orientation text-rendering text-transform transform
    transform-box transform-origin unicode-bidi vector-effect visibility white-space word-spacing writing-mode
    x y cx cy r rx ry width height d
    """
)
PRESENTATION_ATTRIBUTES = PROPERTIES - ATTRIBUTES
# Functions in the values of properties. `url` is allowed only for a place in the drawing itself.
FUNCTIONS = _names(
    """
    url rgb rgba hsl hsla hwb lab lch oklab oklch color color-mix calc min max clamp var matrix translate translatex translatey
    scale scalex scaley rotate skew skewx skewy circle ellipse inset polygon path blur brightness contrast drop-shadow grayscale
    hue-rotate invert opacity saturate sepia
    """
)
