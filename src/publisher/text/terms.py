"""The words that publisher itself prints, by language. A new language is one entry, in the order of KEYS."""

from __future__ import annotations

KEYS = (
    "contents", "toc", "sources", "notes", "by", "accessed", "archived", "folio", "cover", "title", "colophon", "back",
    "start", "note", "pages", "figure", "made", "part",
)  # fmt: skip
# fmt: off
TERMS: dict[str, tuple[str, ...]] = {
    "en": ("In this brief", "Contents", "Sources", "Notes", "By {}", "Accessed {}", "Archived at {}", "{} / {}", "Cover", "Title page",
           "Colophon", "Back to the text", "Start of text", "Note {}", "Pages", "Picture", "Set with publisher {}", "Part {}"),
    "de": ("In dieser Ausgabe", "Inhalt", "Quellen", "Anmerkungen", "Von {}", "Abgerufen am {}", "Archiviert unter {}", "{} / {}", "Umschlag",
           "Titelseite", "Impressum", "Zurück zum Text", "Textbeginn", "Anmerkung {}", "Seiten", "Bild", "Gesetzt mit publisher {}",
           "Teil {}"),
    "fr": ("Au sommaire", "Sommaire", "Sources", "Notes", "Par {}", "Consulté le {}", "Archivé à {}", "{} / {}", "Couverture", "Page de titre",
           "Colophon", "Retour au texte", "Début du texte", "Note {}", "Pages", "Image", "Composé avec publisher {}", "Partie {}"),
    "es": ("En este número", "Índice", "Fuentes", "Notas", "Por {}", "Consultado el {}", "Archivado en {}", "{} / {}", "Cubierta", "Portada",
           "Colofón", "Volver al texto", "Inicio del texto", "Nota {}", "Páginas", "Imagen", "Compuesto con publisher {}", "Parte {}"),
    "it": ("In questo numero", "Indice", "Fonti", "Note", "Di {}", "Consultato il {}", "Archiviato in {}", "{} / {}", "Copertina", "Frontespizio",
           "Colophon", "Torna al testo", "Inizio del testo", "Nota {}", "Pagine", "Immagine", "Composto con publisher {}", "Parte {}"),
    "pt": ("Nesta edição", "Sumário", "Fontes", "Notas", "Por {}", "Acesso em {}", "Arquivado em {}", "{} / {}", "Capa", "Folha de rosto",
           "Colofão", "Voltar ao texto", "Início do texto", "Nota {}", "Páginas", "Imagem", "Composto com publisher {}", "Parte {}"),
    "nl": ("In deze uitgave", "Inhoud", "Bronnen", "Noten", "Door {}", "Geraadpleegd op {}", "Gearchiveerd op {}", "{} / {}", "Omslag",
           "Titelpagina", "Colofon", "Terug naar de tekst", "Begin van de tekst", "Noot {}", "Pagina’s", "Afbeelding",
           "Gezet met publisher {}", "Deel {}"),
    "pl": ("W tym wydaniu", "Spis treści", "Źródła", "Przypisy", "{}", "Dostęp: {}", "Archiwum: {}", "{} / {}", "Okładka", "Strona tytułowa",
           "Stopka redakcyjna", "Powrót do tekstu", "Początek tekstu", "Przypis {}", "Strony", "Ilustracja", "Złożono w publisher {}",
           "Część {}"),
    "tr": ("Bu sayıda", "İçindekiler", "Kaynaklar", "Notlar", "{}", "Erişim: {}", "Arşiv: {}", "{} / {}", "Kapak", "Başlık sayfası", "Künye",
           "Metne dön", "Metnin başı", "Not {}", "Sayfalar", "Resim", "publisher {} ile dizildi", "Bölüm {}"),
    "uk": ("У цьому випуску", "Зміст", "Джерела", "Примітки", "{}", "Дата звернення: {}", "Архів: {}", "{} / {}", "Обкладинка",
           "Титульна сторінка", "Вихідні дані", "Назад до тексту", "Початок тексту", "Примітка {}", "Сторінки", "Зображення",
           "Зверстано в publisher {}", "Частина {}"),
    "ar": ("في هذا العدد", "المحتويات", "المصادر", "الحواشي", "{}", "تاريخ الاطلاع: {}", "نسخة محفوظة: {}", "{} / {}", "الغلاف", "صفحة العنوان",
           "بيانات النشر", "العودة إلى النص", "بداية النص", "حاشية {}", "الصفحات", "صورة", "أعد بواسطة publisher {}", "الجزء {}"),
    "he": ("בגיליון זה", "תוכן העניינים", "מקורות", "הערות", "מאת {}", "נצפה: {}", "עותק שמור: {}", "{} / {}", "כריכה", "עמוד השער",
           "פרטי ההוצאה", "חזרה לטקסט", "תחילת הטקסט", "הערה {}", "עמודים", "תמונה", "סודר ב־publisher {}", "חלק {}"),
    "zh": ("本期内容", "目录", "资料来源", "注释", "{}", "访问日期：{}", "存档：{}", "{} / {}", "封面", "扉页", "版权页", "返回正文", "正文开始", "注 {}", "页码",
           "图片", "由 publisher {} 排版", "第 {} 部分"),
    "ja": ("この号の内容", "目次", "出典", "注", "{}", "閲覧日：{}", "アーカイブ：{}", "{} / {}", "表紙", "扉", "奥付", "本文に戻る", "本文の始まり", "注 {}", "ページ",
           "図", "publisher {} で組版", "第 {} 部"),
}
# fmt: on
