"""Bytes become the right text: by their mark, as UTF-8 with some wrong bytes, by a label as browsers know it, by a guess."""

from __future__ import annotations

from pathlib import Path

import pytest

from publisher.input.manuscript import Manuscript
from publisher.text.encodings import codec_of, decoded, guess_encoding, without_double_encoding

TEXTS = [
    ("cp1252", "Die Schleuse öffnet. Das Tor ist auf – „seit sieben“."),
    ("cp1252", "Le café où l’on “parle” — été à Noël, déjà vu; la grève continue à l’aéroport."),
    ("cp1252", "El niño añadió que mañana habrá más señales en la estación."),
    ("cp1252", "As comissões e os corações; não há razão para isso, põe-se a questão à câmara."),
    ("cp1252", "København: Broen blev åbnet klokken syv, sagde færgemanden, og røret lød på søen."),
    ("cp1250", "Žluťoučký kůň úpěl ďábelské ódy. Předseda vlády řekl, že zítra bude pršet."),
    ("cp1250", "Zażółć gęślą jaźń. Prezydent powiedział, że jutro będzie padać śnieg."),
    ("cp1250", "Árvíztűrő tükörfúrógép: a kapu hét órakor nyílt meg, és az első uszályok átmentek."),
    ("cp1251", "Ворота шлюзу відкрилися о сьомій, і перші баржі весни пройшли без зупинки."),
    ("koi8_r", "Ворота шлюза открылись в семь часов, и первые баржи весны прошли без остановки."),
    ("cp1253", "Η πύλη άνοιξε στις επτά και οι πρώτες φορτηγίδες πέρασαν χωρίς στάση."),
    ("cp1254", "Kapı saat yedide açıldı ve baharın ilk mavnaları durmadan geçti; şoför öğle yemeğini yedi."),
    ("cp1255", "השער נפתח בשבע והדוברות הראשונות עברו בלי עצירה."),
    ("cp1256", "فتحت البوابة في السابعة ومرت أولى صنادل الربيع دون توقف."),
    ("cp932", "水門は七時に開き、春の最初のはしけは止まらずに通過した。"),
    ("gb18030", "水门在七点打开，春天的第一批驳船不停地通过了。"),
    ("big5", "水門在七點打開，春天的第一批駁船不停地通過了。"),
]


@pytest.mark.parametrize(("encoding", "text"), TEXTS)
def test_short_texts_of_many_encodings(encoding: str, text: str) -> None:
    assert guess_encoding(text.encode(encoding))[0] == text


def test_bytes_that_are_no_text() -> None:
    assert guess_encoding(bytes(range(256)) * 3)[0] == "" or "\x00" in guess_encoding(bytes(range(256)) * 3)[0]


@pytest.mark.parametrize(
    ("label", "codec"),
    [
        ("iso-8859-1", "cp1252"),
        ("Latin1", "cp1252"),
        (" us-ascii ", "cp1252"),
        ("iso-8859-9", "cp1254"),
        ("x-sjis", "cp932"),
        ("gb2312", "gb18030"),
        ("ks_c_5601-1987", "cp949"),
        ("unicode-1-1-utf-8", "utf-8"),
        ("cp850", "cp850"),  # of DOS: Python knows it, browsers do not
        ("iso-2022-kr", "iso2022_kr"),  # browsers refuse it; old mails have it
        ("unknown-8bit", ""),
        ("base64", ""),
        ("", ""),
        ("a\0b", ""),
    ],
)
def test_labels_mean_what_browsers_mean(label: str, codec: str) -> None:
    assert codec_of(label) == codec


@pytest.mark.parametrize(
    ("data", "label", "text", "invalid"),
    [
        ("“Gate” – 5 €".encode("cp1252"), "iso-8859-1", "“Gate” – 5 €", 0),
        ("Der Kai öffnet".encode(), "iso-8859-1", "Der Kai öffnet", 0),  # UTF-8 under a wrong label
        ("Die Schleuse öffnet für “alle” ".encode() + b"\xe9", "iso-8859-1", "Die Schleuse öffnet für “alle” \ufffd", 1),
        (b"The caf\xe9 opened", "utf-8", "The caf\ufffd opened", 1),  # declared, and nothing else to see
        (b"\xe9t\xe9 \xe0 l\xe0-bas, d\xe9j\xe0 pass\xe9", "utf-8", "été à là-bas, déjà passé", 0),  # declared, and not true
        (b"caf\x81 \x93gate\x94 opened", "windows-1252", "caf\ufffd “gate” opened", 1),
        ("Ворота".encode("koi8-r"), "koi8-r", "Ворота", 0),
        (b"<?xml version='1.0' encoding='iso-8859-2'?><p>\xb1</p>", "", "<?xml version='1.0' encoding='iso-8859-2'?><p>ą</p>", 0),
        (b"<meta http-equiv=x content='text/html; charset=windows-1251'>\xc4", "", None, 0),
        ("\ufeffGate".encode("utf-16"), "utf-8", "\ufeffGate", 0),
        ("水門が開く".encode("iso-2022-jp"), "iso-2022-jp", "水門が開く", 0),  # its bytes are valid UTF-8 too
        ("Größe".encode("utf-7"), "utf-7", "Größe", 0),
        ("Gate é".encode("utf-16-le"), "utf-16le", "Gate é", 0),
        (b"Gate", "utf-16", "Gate", 0),  # declared, and not true
        ("Gate".encode("utf-16") + b"x", "", "Gate\ufffd", 1),  # cut off in the middle of a character
        ("<?xml?><a>é</a>".encode("utf-16-le"), "", "<?xml?><a>é</a>", 0),
    ],
)
def test_declared_and_clear_encodings(data: bytes, label: str, text: str | None, invalid: int) -> None:
    result = decoded(data, label)
    assert result is not None
    assert result.text == (text if text is not None else data.decode("cp1251"))
    assert result.invalid == invalid


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("itâ€™s open", "it’s open"),
        ("The cafÃ© â\x80\x94 open", "The café — open"),
        ("\x93Gate\x94", "“Gate”"),
        ("РџСЂРёРІРµС‚, РјРёСЂ", "Привет, мир"),
        ("first\nitâ€™s open\nlast – été", "first\nit’s open\nlast – été"),
        # right as it is
        ("SÃO PAULO – “Ângela” à l’Œuvre", "SÃO PAULO – “Ângela” à l’Œuvre"),
        ("line\x85line", "line\x85line"),
        ("Српски: Ђорђе, Њ. и Љ.", "Српски: Ђорђе, Њ. и Љ."),
        ("50 £ – 60 €", "50 £ – 60 €"),
    ],
)
def test_text_that_was_encoded_twice_is_read_again(typed: str, right: str) -> None:
    assert without_double_encoding(typed) == right


def test_what_was_repaired_is_reported_with_its_line() -> None:
    manuscript = Manuscript(Path("a.txt"), b"Gate\n\nIt\xc3\xa2\xe2\x82\xac\xe2\x84\xa2s open \xff and shut", "a.txt")
    assert manuscript.text() == "Gate\n\nIt’s open \ufffd and shut"
    assert [str(diagnostic).splitlines()[0] for diagnostic in manuscript.diagnostics] == [
        "a.txt:3: warning: 1 byte is not UTF-8, as the rest is; each is shown as \ufffd [encoding-repaired]",
        "a.txt:3: note: text that was encoded twice is repaired: Itâ€™s is now It’s [double-encoding]",
    ]
