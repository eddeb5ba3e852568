"""Text in an encoding that it does not name is read in the right one, short as it may be."""

from __future__ import annotations

import pytest

from publisher.text.encodings import guess_encoding

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
