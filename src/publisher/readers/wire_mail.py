"""Headers of forwarded messages in plain text, which mail programs write above the text, in a dozen languages."""

from __future__ import annotations

import re

_SENDER = r"From|Von|De|Da|Van|Från|Fra|Od|От|Kimden"
_SUBJECT = r"Subject|Betreff|Objet|Asunto|Assunto|Oggetto|Onderwerp|Ämne|Emne|Temat|Тема|Konu"
_OTHERS = (
    r"Sent|Date|To|Cc|Bcc|Reply-To|Importance|Attachments?|Gesendet|Datum|An|Kopie|Antwort an|Envoyé|À|Répondre à|Enviado(?: el)?"
    r"|Enviada(?: em)?|Fecha|Data|Para|A|Inviato|Verzonden|Aan|Skickat|Till|Sendt|Til|Wysłano|Do"
    r"|Отправлено|Дата|Кому|Gönderildi|Tarih|Kime"
)
_HEADER = re.compile(rf"[>*\s]*(?P<name>{_SENDER}|{_SUBJECT}|{_OTHERS})\*?\s?:\*?\s+(?P<value>\S.*)$")
_NAME_OF_SENDER, _NAME_OF_SUBJECT = re.compile(rf"(?:{_SENDER})$"), re.compile(rf"(?:{_SUBJECT})$")
_FORWARDED = re.compile(
    r"[-_>\s]*(?:Original Message|Forwarded message|Begin forwarded message|Ursprüngliche Nachricht|Weitergeleitete Nachricht"
    r"|Anfang der weitergeleiteten (?:Nachricht|E-Mail)|Message d['’]origine"
    r"|Message (?:transféré|original)|Début du message transféré"
    r"|Mensaje (?:original|reenviado)|Mensagem (?:original|encaminhada)|Messaggio (?:originale|inoltrato)"
    r"|Oorspronkelijk bericht|Doorgestuurd bericht)[-_:\s]*$",
    re.IGNORECASE,
)
_FEWEST = 3  # headers; with fewer, the lines may be text


def without_mail_headers(lines: list[str]) -> tuple[list[str], list[str], str]:
    """The lines without headers of forwarded messages, these headers, and the subject if they stand above all text."""
    left, headers, subject, number, has_text = list[str](), list[str](), "", 0, False
    while number < len(lines):
        end, are_headers = _headers_at(lines, number)
        block = lines[number:end]
        if are_headers:
            subject = subject or ("" if has_text else _subject(block))
            headers.append(" ".join(" ".join(block).split()))
            left.append("")
        else:
            left += block
            has_text = has_text or any(map(str.strip, block))
        number = end
    return left, headers, subject


def _headers_at(lines: list[str], first: int) -> tuple[int, bool]:
    """Where the lines end that belong together from a line on, and whether they are headers, or the words that announce them."""
    start = first
    if _FORWARDED.match(lines[first]):
        start = first + (2 if first + 1 < len(lines) and not lines[first + 1].strip() else 1)
    names, end = list[str](), start
    while end < len(lines):
        match = _HEADER.match(lines[end])
        if not match and not (names and lines[end][:1].isspace() and lines[end].strip()):
            break
        names += [match["name"]] if match else []
        end += 1
    is_complete = len(names) >= _FEWEST and any(map(_NAME_OF_SENDER.match, names)) and any(map(_NAME_OF_SUBJECT.match, names))
    if is_complete or start == first:
        return max(end, first + 1), is_complete
    return first + 1, True


def _subject(lines: list[str]) -> str:
    for line in lines:
        match = _HEADER.match(line)
        if match and _NAME_OF_SUBJECT.match(match["name"]):
            return re.sub(r"^(?:(?:Fwd?|Wg|Tr|Rv|Re|Aw)\s?:\s*)+", "", match["value"].strip(), flags=re.IGNORECASE)
    return ""
