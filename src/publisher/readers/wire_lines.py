"""The lines that agencies and press offices put around a story: heads of transmissions, slugs, sign-offs, end marks.

The forms are those of IPTC 7901 (5-bit and 7-bit news transmission), ANPA 1312, and the house styles of AP, AFP, dpa and Reuters.
Each pattern is for a whole line without the white space around it.
"""

from __future__ import annotations

import re

SLUG = re.compile(
    r"(?:[Bb][Cc]-[\w-]+(?:,.{0,60})?|[AP]M-[A-Z][\w-]+(?:,.{0,60})?"
    r"|[A-Z][\w-]{0,60}-[A-Z][\w-]{0,60}/.*|\w{1,6}-\w{1,12}-.*\b(1st|2nd|3rd|\d+th) Ld\b.*|URGENT"
    r"|.*\bLd-Writethru\b.*|[^\W\d_][\w’']*(?:-[\w’']+){2,})$"
)
TAKE = re.compile(r"(?:\d+(?:st|nd|rd|th)?\s+take|take\s+\d+)\b.{0,30}$|ZCZC\b.{0,60}$", re.IGNORECASE)
_SIGNS = r"[-–—*/#(\[\])~=\s]"
_END_WORD = r"(?i:ends?|ende|fin|more|mehr folgt|suite|à suivre|sigue)"
# Marks of an end wherever they stand: a word with signs around it, or only signs.
MARKED_END = re.compile(
    rf"(?:{_SIGNS}+{_END_WORD}{_SIGNS}+|(?:-{{2,}}|/{{2,}}|\*{{3,}})\s?{_END_WORD}|[-–—]+\s*30\s*[-–—]+|(?:#\s?){{2,}}|NNNN|-0-)$"
)
# At the end of a story also these; elsewhere they are words or numbers. The last form is the initials of editors.
END = re.compile(
    rf"(?:{MARKED_END.pattern[:-1]}|-?30|ENDS|END|ENDE|FIN|MORE|Ends|Ende|[a-z]{{2,4}}/[a-z]{{2,4}}(?:/[a-z]{{2,4}})?)$"
)

# IPTC 7901, 2.2: source and number, priority (1 to 9), category, length in words, and what an agency adds.
SOURCE = re.compile(r"[A-Za-z]{2,4}\d{3,4}\s+[1-9]\s+[A-Za-z]{1,4}\s+\d{1,5}(?:\s+\S{1,12}){0,6}$")
# ANPA 1312: service level and number, selector; under it, priority and category.
_LEVEL = r"[a-z]\d{4}(?:\s*[\w-]{0,12})?"
_PRIORITY = r"[bdfhrsuw]\s+[a-z]{1,3}(?:\s+\S{1,12}){0,3}"
LEVEL, PRIORITY = re.compile(rf"{_LEVEL}$"), re.compile(rf"{_PRIORITY}$")
_MONTH = r"[^\W\d_]{3,5}\.?"
_TIME = rf"\d{{6}}\s+(?:(?:GMT|UTC|Z|[A-Z]{{3,4}})\s+)?{_MONTH}\s+\d{{2,4}}"
SIGN_OFF = re.compile(
    rf"(?:(?:[A-Z]{{2,8}}\s+)?{_TIME}"  # IPTC 7901, 2.4: day, hour and minute, month, year; AFP: its name before it
    r"|AP-[A-Z]{2,4}-\d\d-\d\d-\d\d(?:\d\d)?(?:\s+\d{4}(?:\s?[A-Z]{3,4})?)?"
    rf"|dpa(?:[-/]\w{{2,4}})*(?:\s+[a-z][a-z0-9]{{0,3}}){{1,8}}(?:\s+{_TIME})?"
    r"|Reuters\s+\d{4}\s+\d{6}\s+GMT|REUTERS)$"
)
REUTERS_TIME = re.compile(r"\d\d:\d\d\s+\d\d?[A-Za-z]{3}\d\d(?:\d\d)?\s*-?\s*(?:RTRS|Reuters)\s*-?\s*|RTRS-")
CONTACT = re.compile(r"\(\(.{3,400}\)\)$")
LABELED_KEYWORDS = re.compile(r"(?:Keywords?|Slugs?|Slugline|Stichw[oö]rte?r?|Mots[- ]clés|Palabras clave)\s?:\s*(?P<words>.+)$")
# In the head of a transmission; elsewhere such a line may be a headline or text.
KEYWORDS = re.compile(r"(?=\S*[-/])\S+(?:\s+(?:\d\S*|lead|ld|urgent|update|writethru)|\s*\([^()]{1,30}\))*$", re.IGNORECASE)
VERSION = re.compile(
    r"\((?:\d+\.?\s)?(?:Zusammenfassung|Neu|Wiederholung|Korrektur|Aktualisiert|Überblick|Lead|Roundup|Update|Recasts|Adds|Updates"
    r"|Repeats|Refiles|Actualisation|Ampliación)\b[^()]{0,80}\)$",
    re.IGNORECASE,
)
LENGTH = re.compile(
    r"\(?(?:(?:words?|wörter|mots|palabras)\s?:\s?\d{1,5}|\d{1,5}\s(?:words|wörter|mots|palabras))\)?$", re.IGNORECASE
)
IMAGE_NOTE = re.compile(r"(?:With )?(?:AP|AFP|dpa) (?:Photos?|Graphics?|Videos?|Audio)\b[^.]{0,80}$")
# The words of a press office, with or without a date behind them.
RELEASE = re.compile(
    r"[\W_]*(?:(?:FOR|FÜR) IMMEDIATE (?:RELEASE|PUBLICATION)|FOR (?:GENERAL|PUBLIC) RELEASE|(?:NEWS|PRESS|MEDIA) RELEASE"
    r"|(?:PRESSE|MEDIEN)(?:MITTEILUNG|INFORMATION)|ZUR SOFORTIGEN VERÖFFENTLICHUNG|COMMUNIQUÉ DE PRESSE"
    r"|POUR (?:DIFFUSION|PUBLICATION) IMMÉDIATE|(?:NOTA|COMUNICADO) DE PRENSA|PARA (?:PUBLICACIÓN|DIFUSIÓN) INMEDIATA"
    r"|PARA DIVULGAÇÃO IMEDIATA|COMUNICATO STAMPA|PER (?:DIFFUSIONE|PUBBLICAZIONE) IMMEDIATA|PERSBERICHT|PRESSMEDDELANDE"
    r"|PRESSEMEDDELELSE|PRESSEMELDING)[\W_]*(?P<date>[^\n]{0,40})$",
    re.IGNORECASE,
)
RULE = re.compile(r"(?:_{3,}|(?:\*\s?){3,}|[-–—]{3,}|={3,}|~{3,}|(?:-\s){3,}-?)$")
BYLINE = re.compile(r"(?:By|BY|Par|Von|Por|Di|Door|Av|Af|Autor:?|Yazan:?|Автор:?|Від|От)\s+(?P<names>[^\W\d_].{1,80})$")
CREDIT = re.compile(r"\((Reporting|Additional reporting|Writing|Editing|Compiled)\b.*\)\.?$", re.DOTALL)
_AGENCIES = (
    r"dpa|dpa-AFX|DPA|AP|AFP|Reuters|REUTERS|EFE|Efe|ANSA|APA|sda|SDA|Keystone-SDA|KNA|epd|Xinhua|TASS|Tass|Kyodo|Yonhap|PAP|ČTK"
    r"|CTK|NTB|TT|STT|Ritzau|ritzau|ANP|Belga|Lusa|LUSA|PTI|ANI|AAP|UPI|PA|CP|Ukrinform|UNIAN|Interfax|Europa Press|askanews"
)
DATELINE = re.compile(
    r"(?P<dateline>(?:[^\W\d_a-z][^\Wa-z]+(?:[ '’./-]+[^\Wa-z]+)*"  # the place, in capitals
    r"(?:,\s[^()—–\n]{2,40}?)?"  # region, date
    r"(?:\s?\([A-Z][\w .-]{1,30}\))?"  # agency
    r"|(?:[^\W\d_a-z][\w.]+(?:[ /-][^\W\d_][\w.]*){0,4}(?:,\s[^()—–\n]{2,40}?)?"  # the form of dpa and AFP
    r"|[A-Z][a-zä]{2,8}\.?\s\d{1,2})"  # Reuters: the day alone
    rf"\s\((?:{_AGENCIES})(?:/[\w/-]+)?\)"
    r"|\((?:ANSA|AGI|Adnkronos)\)\s-\s[^\Wa-z]+(?: [^\Wa-z]+)*,\s\d{1,2}\s\w{3,9}))"
    r"(?:\s*(?:—|–|--|-)|\s_|\.-)\s+(?=\S)"
)
CONTRIBUTORS = re.compile(
    r".*\b(?:contributed\b.{0,20}\breport|report(?:ed|ing) from [A-Z][\w .,’-]{1,40}\.?$|(?:Reporting|Writing|Editing) by"
    r"|Follow (?:AP|@)"
    r"|(?:Associated Press|AP|Staff) (?:writers?|journalists?|reporters?))",
    re.DOTALL,
)
NOT_FOR_PUBLICATION = re.compile(
    r"#*\s*(?:.*nicht zur Veröffentlichung bestimmt|Notizblock\b|.*\bnot for publication\b|.*\bfin de service\b)", re.IGNORECASE
)
AGENCY = re.compile(
    r"(?:[^\W\d_][\w’'.&-]*\s){0,4}(?:Press|Reuters|AFP|dpa|EFE|ANSA|News|Agency|Service|Writers?|Correspondents?)$"
)
