"""An undated edition of short articles, of as many as a test asks for: notes, tables, images, and several languages."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image

_SENTENCES = {  # language: a headline and a sentence; `@` is the number of the article
    "en": ("Lock @ opens early", "The keeper of lock @ wrote the draft of each barge into the book before the water fell."),
    "de": ("Schleuse @ öffnet früher", "Die Wärterin der Schleuse @ schrieb „Tiefgang“ und Uhrzeit jedes Kahns in das Buch."),
    "fr": ("L’écluse @ ouvre tôt", "L’éclusière nº @ a noté : « huit péniches », puis l’heure de chacune d’elles."),
    "pl": ("Śluza @ otwarta wcześniej", "Śluzowa zapisała w księdze śluzy @ zanurzenie każdej barki i godzinę przejścia."),
    "ru": ("Шлюз @ открыт раньше", "Смотрительница шлюза @ записала осадку каждой баржи и час её прохода."),
    "ar": ("الهويس @ يفتح مبكرا", "كتبت حارسة الهويس @ في الدفتر غاطس كل قارب وساعة مروره."),
    "he": ("תא השיט @ נפתח מוקדם", "שומרת תא @ רשמה בספר את שוקע הדוברות ואת שעת המעבר."),
    "ja": ("水門@号が早く開く", "水門@号の番人は、はしけの喫水と通過の時刻を帳面に書いた。"),
}
_LANGUAGES = tuple(_SENTENCES)


def write_articles(folder: Path, count: int) -> None:
    """A folder with a manifest without a date, and `count` articles that it does not list: they come in the order of names."""
    folder.mkdir(parents=True)
    (folder / "publisher.toml").write_text('[edition]\ntitle = "Book of the Locks"\n', "utf-8")
    for number in range(count):
        lang = _LANGUAGES[number % len(_LANGUAGES)]
        title, sentence = (text.replace("@", str(number)) for text in _SENTENCES[lang])
        name = f"a{number * 7 % count:02}"  # not in the order in which they are written
        if number % 5 == 4:
            (folder / f"{name}.html").write_text(_page(lang, title, sentence, number), "utf-8")
        else:
            (folder / f"{name}.md").write_text(_markdown(lang, title, sentence, number), "utf-8")
        if number % 4 == 0:
            (folder / f"gauge-{number}.png").write_bytes(_gauge(number))


def _markdown(lang: str, title: str, sentence: str, number: int) -> str:
    parts = [
        f"---\nlang: {lang}\n---\n# {title}",
        f"{sentence} [^a] {sentence}",
        f"[{title}](https://example.org/locks/{number})",
    ]
    if number % 3 == 0:
        parts.append(f"| m | t |\n| ---: | --- |\n| {number} | {title} |\n| {number + 1} | {number * 3} |")
    if number % 4 == 0:
        parts.append(f'![{title}](gauge-{number}.png "{title}")')
    if number % 6 == 1:
        parts.append(f"$h_{{{number}}} = \\frac{{{number}}}{{7}}$ and `gauge({number})`")
    return "\n\n".join([*parts, f"[^a]: {sentence}"]) + "\n"


def _page(lang: str, title: str, sentence: str, number: int) -> str:
    items = "".join(f"<li>{sentence}</li>" for _ in range(2))
    link = f'<a href="https://example.net/{number}">{title}</a>'
    return (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8"><title>{title}</title></head><body><article>'
        f"<h1>{title}</h1><p>{sentence} {link}.</p><ul>{items}</ul><blockquote>{sentence}</blockquote></article></body></html>"
    )


def _gauge(number: int) -> bytes:
    image = Image.new("RGB", (320, 120), "white")
    image.paste((20, 90, 120), (0, 20 + number, 320, 120))
    target = io.BytesIO()
    image.save(target, "PNG")
    return target.getvalue()
