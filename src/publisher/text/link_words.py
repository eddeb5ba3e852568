"""What the words of a link tell of its source: most are a title of some kind, but "here" or an address are not."""

from __future__ import annotations

import re

from publisher.model.addresses import site_of

_MOST_WORDS = 25  # of a title; what is longer is shortened
_LEAST_LETTERS = 3
# An address, an e-mail address, or a name of a host (`quay.example`; but `map.js` is the name of a file).
_ADDRESS = re.compile(
    r"(?:[a-z][a-z0-9+.-]*:)?//\S+|(?:[\w-]+\.)+[a-z]{2,}[/?#:]\S*|\S+@\S+|doi:\S+|www\.\S+"
    r"|(?:[\w-]+\.)+(?:com|org|net|info|edu|gov|mil|int|biz|example|co\.[a-z]{2}|com\.[a-z]{2}|(?:gov|ac|org)\.[a-z]{2})",
    re.IGNORECASE,
)
_AROUND = " \t\n\u00a0.,;:!?…()[]{}\"'“”„‘’‚«»‹›「」『』→⇒➔►▶»›>↗⧉*†‡|–—-"
_LETTER = re.compile(r"[^\W\d_]")
# Words of links that say only that there is a link, by language; several may stand together ("read more here").
_GENERIC = {
    "en": "here|this|that|these|it|click|tap|press|read|see|view|show|open|visit|learn|find|get|go|check|more|full|details|info|"
    "information|link|links|source|sources|website|web|site|page|webpage|article|story|post|file|pdf|text|download|original|"
    "archived|version|out|on|about|for|the|a|an|to|of|in|at|by|now|also|continue|reading|next|back|previous|homepage|via|"
    "share|according|online|said|says|reported|reports|announced|wrote|told|found|showed|shows|called|noted|argued|warned|is|was",
    "de": "hier|dies|diese|dieser|dieses|klicken|klick|sie|lesen|lies|mehr|weiter|weiterlesen|weitere|details|infos?|"
    "informationen|link|links|quelle|quellen|website|webseite|seite|artikel|bericht|dokument|pdf|herunterladen|download|original|"
    "zum|zur|der|die|das|und|auf|archiv|startseite|ansehen",
    "fr": "ici|ce|cet|cette|cliquez|cliquer|lire|lisez|voir|plus|suite|la|le|les|en|savoir|lien|liens|source|sources|site|web|"
    "page|article|document|pdf|télécharger|original|accueil|sur|à|l['’]article|détails",
    "es": "aquí|este|esta|esto|haga|haz|clic|leer|lea|ver|más|enlace|enlaces|fuente|fuentes|sitio|web|página|artículo|documento|"
    "pdf|descargar|original|inicio|el|la|en|seguir|leyendo|detalles",
    "it": "qui|questo|questa|clicca|clicchi|leggi|leggere|vedi|di|più|link|fonte|fonti|sito|web|pagina|articolo|documento|pdf|"
    "scarica|originale|il|la|continua|tutto|dettagli",
    "pt": "aqui|este|esta|isto|clique|leia|ler|ver|veja|mais|saiba|link|fonte|fontes|site|página|artigo|documento|pdf|baixar|"
    "descarregar|original|o|a|em|detalhes",
    "nl": "hier|dit|deze|klik|lees|lezen|meer|verder|link|bron|bronnen|website|site|pagina|artikel|document|pdf|download|"
    "downloaden|origineel|de|het|op|details",
    "pl": "tu|tutaj|ten|ta|to|kliknij|czytaj|przeczytaj|zobacz|więcej|dalej|link|źródło|źródła|strona|artykuł|dokument|pdf|"
    "pobierz|oryginał|szczegóły",
    "tr": "burada|buraya|buradan|bu|şu|tıklayın|tıkla|oku|okuyun|bakın|daha|fazla|fazlası|devamı|devamını|bağlantı|link|kaynak|"
    "kaynaklar|site|sitesi|sayfa|makale|haber|belge|pdf|indir|için|detaylar",
    "uk": "тут|тут-таки|це|цей|ця|натисніть|читати|читайте|дивіться|більше|далі|докладніше|детальніше|посилання|джерело|джерела|"
    "сайт|сторінка|стаття|документ|pdf|завантажити|оригінал",
    "ar": "هنا|هذا|هذه|اضغط|انقر|اقرأ|المزيد|المصدر|مصدر|الرابط|رابط|الموقع|الصفحة|المقال|تحميل",
    "he": "כאן|פה|זה|זו|לחצו|קראו|קרא|עוד|למידע|נוסף|קישור|מקור|האתר|הדף|הכתבה|להורדה",
    "zh": "这里|此处|这|点击|阅读|查看|更多|全文|链接|来源|网站|网页|原文|下载",
    "ja": "こちら|ここ|これ|クリック|読む|続き|続きを読む|詳細|詳しく|リンク|出典|サイト|ページ|記事|原文|ダウンロード",
}
_GENERIC_WORDS = re.compile(rf"(?:{'|'.join(_GENERIC.values())})", re.IGNORECASE)


def title_in(words: str, address: str) -> str:
    """The words of a link as a title: without marks around them, shortened, with a capital; empty if they tell nothing.

    A word such as "here", "read more" or "said", a number, an address and the name of the host tell nothing.
    """
    title = " ".join(words.split())
    bare = title.strip(_AROUND)
    pieces = bare.split()
    if not _LETTER.search(bare) or _ADDRESS.fullmatch(bare) or _is_host(bare, address):
        return ""
    if all(_GENERIC_WORDS.fullmatch(piece.strip(_AROUND)) or not piece.strip(_AROUND) for piece in pieces):
        return ""
    if len(bare) < _LEAST_LETTERS and bare.islower():
        return ""
    if len(pieces) > _MOST_WORDS:
        title = f"{' '.join(pieces[:_MOST_WORDS]).rstrip(_AROUND)} …"
    title = _without_marks_around(title)
    return title[:1].upper() + title[1:] if title.split()[0].islower() else title


def _is_host(words: str, address: str) -> bool:
    """Whether words are the host of an address or its main part: `harbor.example`, `Harbor.Example/news`."""
    site = site_of(address)
    return bool(site) and words.casefold().removeprefix("www.").split("/")[0] == site.casefold()


def _without_marks_around(title: str) -> str:
    """A title without quotation marks, arrows and commas around it; a mark that belongs to it stays ("Who pays?")."""
    return title.strip(' \t\n\u00a0"“”„«»「」→⇒➔►▶↗⧉|*').rstrip(",;:").removesuffix(" -").removeprefix("- ").strip()
