"""The table of diagnostics: every code, how severe it is, what it means, an example of its message, and what to do.

`docs/diagnostics.md` is made from it and `publisher explain CODE` prints an entry. Rules of finished files (`ua-28-011`,
`kobo-cover`) have tables of their own beside their tests, in `checks/`; their messages carry one of the codes for rules here.
"""

from __future__ import annotations

from enum import StrEnum


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


_ERROR, _WARNING, _NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE


class Code(StrEnum):
    """A code with its entry: severity, meaning, an example of the message, and what the user can do."""

    severity: Severity
    meaning: str
    example: str
    remedy: str

    def __new__(cls, value: str, severity: Severity, meaning: str, example: str, remedy: str) -> Code:
        member = str.__new__(cls, value)
        member._value_ = value
        member.severity, member.meaning, member.example, member.remedy = severity, meaning, example, remedy
        return member

    # The command line and the manifest
    # fmt: off
    FILE_MISSING = (
        "file-missing", _ERROR, "A file that the command line or the manifest names does not exist.",
        "file not found: umerov.txt", "Correct the path. Paths in a manifest are relative to the manifest.")
    FILE_UNREADABLE = (
        "file-unreadable", _ERROR, "A file exists but cannot be read.",
        "umerov.txt cannot be read: Permission denied", "Correct the file's permissions; name a file, not a folder.")
    NOTHING_TO_READ = (
        "nothing-to-read", _ERROR, "No manuscript was found, or no article is left to publish.",
        "no manuscripts found", "Name manuscripts on the command line or in the manifest; check the file name suffixes.")
    SUBFOLDER_UNREAD = (
        "subfolder-unread", _NOTE, "A folder of manuscripts has subfolders with files that may be manuscripts. They are not read.",
        "1 subfolder is not read: drafts", "Nothing; or list the files in the manifest, or name the folder on the command line.")
    LINK_DANGLING = (
        "link-dangling", _WARNING, "A symbolic link in a folder of manuscripts leads to a file that does not exist.",
        "this symbolic link leads to a file that does not exist: it is left out", "Remove the link, or bring the file back.")
    FEED_NOT_CAPTURED = (
        "feed-not-captured", _WARNING, "A feed that the manifest lists was not captured yet. The rest of the edition is built.",
        "https://example.org/feed.xml was not captured yet: there is none of it in feeds", "Run `publisher fetch MANIFEST`.")
    VARIABLE = (
        "variable", _ERROR, "A variable of the environment has a value that cannot be used (exit code 2).",
        "SOURCE_DATE_EPOCH is beyond the year 9999: 253402300800", "Correct or unset the variable. docs/reference.md lists all variables.")
    OPTION = (
        "option", _ERROR, "An option of the command line has a value that cannot be used (exit code 2).",
        "--date 2026-02-30: not a day", "Correct the value. `publisher COMMAND --help` lists the options.")
    HISTORY = (
        "history", _ERROR, "The file with the history of the releases is damaged. `since = \"last\"` and `number = \"next\"` need it.",
        "the history of the releases cannot be read: Permission denied", "Put the file back from a copy.")
    NOT_CHOSEN = (
        "not-chosen", _NOTE, "Articles were left out because an earlier release contains them (`since`), they are older than asked for, or `most` are there already.",
        "3 articles are left out: published in an earlier release", "Nothing, if that is meant. `--since all` publishes all of them.")
    PATTERN_EMPTY = (
        "pattern-empty", _NOTE, "A pattern or a folder in `articles` matches no manuscript.",
        "wire/2026-03-17/*.txt matches no manuscript", "Nothing, if there is no news. Otherwise correct the pattern.")
    VERSION = (
        "version", _ERROR, "A release has no version: no day, no tag, or files that differ from the commit of the tag.",
        "the commit that is checked out has no tag", "Set a tag, commit the changes, or give --version VERSION.")
    RELEASE_EXISTS = (
        "release-exists", _ERROR, "A release of this version is there, with other content. A release that is out does not change.",
        "the release 2026-03-17 is there, and its content differs", "Give another version, or --replace if nobody has it yet.")
    RELEASE_UNKNOWN = (
        "release-unknown", _ERROR, "A release that was named does not exist, or a folder is no release.",
        "there is no release 2026-03-18", "Name one of the releases that the hint lists.")
    USAGE = (
        "usage", _ERROR, "The command line is wrong: an option that does not exist, a value that an option does not take (exit code 2).",
        "No such option: --titel", "`publisher COMMAND --help` lists the options and their values.")
    INTERRUPTED = (
        "interrupted", _ERROR, "Ctrl-C or SIGTERM ended the command (exit code 130).",
        "interrupted; nothing was written", "Run the command again. The previous outputs are unchanged.")
    BUG = (
        "bug", _ERROR, "Publisher itself has an error, and could not go on (exit code 70).",
        "an error in publisher itself: ZeroDivisionError: division by zero (at writers/pdf/bind.py:120)", "Please report it with the manuscript. PUBLISHER_TRACEBACK=1 shows where it happened.")
    FILE_CHANGED = (
        "file-changed", _ERROR, "A file of a release is not the file that was released: its hash is another, or it is a link or no file (exit code 5).",
        "brief.pdf is not the file that was released: its hash is not that of SHA256SUMS", "Do not use the file. Get the release again.")
    FILE_LOST = (
        "file-lost", _ERROR, "A file that a release lists is not in its folder (exit code 5).",
        "cover.png is listed in SHA256SUMS and is not there", "Get the release again.")
    FILE_ADDED = (
        "file-added", _ERROR, "A file is in the folder of a release which does not list it (exit code 5).",
        "notes.txt is not listed in SHA256SUMS", "Remove the file, if it is your own. Otherwise get the release again.")
    SUMS_CHANGED = (
        "sums-changed", _ERROR, "The list of hashes of a release, SHA256SUMS, is not as it was written (exit code 5).",
        "line 3 is no hash with the name of a file", "Do not trust the list. Get the release again.")
    RECORD_DIFFERS = (
        "record-differs", _ERROR, "The record of a release, release.json, is not valid, or says something else than its outputs (exit code 5).",
        "release.json says 12 pages, and brief.pdf has 15", "Do not use the release: its record or an output was changed together with the hashes. Get it again.")
    CONTENT_DIFFERS = (
        "content-differs", _ERROR, "Two parts of a release, or of a file, that must say the same say different things (exit code 5).",
        "the words of gate differ between its pages and the article that is attached to the PDF", "Do not use the file. Get the release again.")
    INPUT_DIFFERS = (
        "input-differs", _ERROR, "A file that an edition was made of is missing or is another one now, so it cannot be made again (`verify --rebuild`, exit code 5).",
        "the input gate.md is not the file that the release was made of", "Restore the file as it was, for example from version control, and run the command again.")
    REBUILD_DIFFERS = (
        "rebuild-differs", _ERROR, "An output that was made again from its inputs is not the output of the release (`verify --rebuild`, exit code 5).",
        "brief.pdf differs from page 3 on (article gate)", "Compare the place that the message names. If the inputs are those of the release, do not trust the file.")
    OTHER_ENGINE = (
        "other-engine", _NOTE, "The tool or a library has another version than the one that made a release, so bytes may differ: words, pages and structure are compared.",
        "other engine: weasyprint 69.0 → 70.0", "Nothing. To compare the bytes, install the versions that the message names.")
    RELEASE_WITHDRAWN = (
        "release-withdrawn", _WARNING, "The release was withdrawn by its publisher.",
        "the release 2026-03-17 is withdrawn: wrong map on page 2", "Use another release.")
    CHECK_SKIPPED = (
        "check-skipped", _WARNING, "A release was made without one of the checkers (`release --skip-check`).",
        "collection.epub was not checked by Ace when it was released", "Check the file: publisher check FILE --with ace.")
    NOT_VERIFIED = (
        "not-verified", _NOTE, "Something of a file cannot be verified with what is there.",
        "collection.epub lies in no release folder: its hash is not known", "Verify the folder of the release, if you have it.")
    EDITION_EXISTS = (
        "exists", _ERROR, "`publisher new` was given a folder that already has a manifest.",
        "this folder already contains an edition", "Choose another folder, or build this one.")
    TOML = (
        "toml", _ERROR, "A manifest or a sidecar is not valid TOML.",
        "not valid TOML: expected '=' after a key", "Correct the line that the message names.")
    KEY_UNKNOWN = (
        "key-unknown", _ERROR, "A manifest or a sidecar has a key that publisher does not know.",
        "unknown key 'titel'", "Use the key that the hint suggests, or remove the line. docs/reference.md lists all keys.")
    KEY_MISSING = (
        "key-missing", _ERROR, "A required key is missing from the manifest.",
        "edition.title is missing", "Add the key.")
    VALUE = (
        "value", _ERROR, "A key of the manifest or a sidecar has a value of the wrong type or outside its range.",
        "edition.date: input should be a valid date", "Give the value as docs/reference.md describes it.")
    PROFILE_UNKNOWN = (
        "profile-unknown", _ERROR, "`--profile NAME` names a profile that the manifest does not have.",
        "profile 'internal' not found", "Use a name from the manifest, or add [profile.NAME].")
    STYLE_UNKNOWN = (
        "style-unknown", _ERROR, "`style` under [sources] names a citation style that does not exist.",
        "citation style 'chicgo' not found", "Use a name from the list in the hint.")
    SLUG_TWICE = (
        "slug-twice", _ERROR, "Two articles were given the same slug.",
        "two articles have the slug 'aid'", "Change one of the slugs, or leave it out: it then comes from the file's name.")
    OUTPUT_SUFFIX = (
        "output-suffix", _ERROR, "The suffix of an output file names no output format.",
        "unsupported output format .mobi", "Use .pdf or .epub.")
    OUTPUT_UNWRITABLE = (
        "output-unwritable", _ERROR, "An output could not be written. The previous outputs are unchanged.",
        "cannot write: No space left on device", "Make room, or correct the permissions of the folder.")
    TEMPORARY_FILES = (
        "temporary-files", _ERROR, "The folder for temporary files could not be written: setting the pages needs it.",
        "cannot write temporary files: No space left on device", "Make room there, or name another folder with the environment variable TMPDIR.")
    LOCKED = (
        "locked", _ERROR, "Another run writes into the folder, and this one was not to wait (`--no-wait`, exit code 8).",
        "a release is under way in this folder", "Run the command again when the other run is done, or leave out --no-wait.")
    SIGNING_KEY = (
        "signing-key", _ERROR, "A release cannot be signed, or a signature not checked, with the key that was named: it cannot be read, is of another kind, or has a passphrase that nobody can type.",
        "the key release_key has a passphrase, and no agent has it", "Name another key, or give it to ssh-agent: ssh-add KEY.")
    SIGNATURE = (
        "signature", _ERROR, "A signature is not of the signer who was expected, or what was signed has changed since (exit code 5).",
        "the signature of SHA256SUMS is not valid: incorrect signature", "Do not trust the files. Get them again, and ask the publisher for the right key.")
    COMPONENT_MISSING = (
        "component-missing", _ERROR, "A program or package that the command was told to use, or that a manuscript needs, is not installed (exit code 4).",
        "EPUBCheck is not installed", "Install it as the hint says, or do not ask for it.")
    CHECKER_MISSING = (
        "checker-missing", _NOTE, "A checker is not installed, so this file was not checked by it. With `--strict` this is an error (exit code 4).",
        "not checked by Ace: it is not installed", "Install it as the hint says.")
    EXECUTOR = (
        "executor", _ERROR, "`--executor` was given an address of an unknown form (exit code 4).",
        "unsupported executor address http://host", "Use dask://HOST:PORT or dask:SCHEDULER-FILE.")
    SCHEDULER = (
        "scheduler", _ERROR, "No Dask scheduler answers at the address (exit code 4).",
        "no scheduler answers at dask://127.0.0.1:8786", "Start a scheduler, or build without --executor.")
    CACHE = (
        "cache", _NOTE, "The cache could not be written. The build is complete; the next one will be slower.",
        "the cache ~/.cache/publisher cannot be written: Permission denied", "Correct its permissions, or name another folder with --cache.")
    WORKER_LOST = (
        "worker-lost", _ERROR, "A process that read or typeset an article ended before it was done, or took too long.",
        "typesetting map killed its worker process", "Build that article alone to see more; raise PUBLISHER_TASK_SECONDS if it only takes long.")
    ARTICLE_FAILED = (
        "article-failed", _ERROR, "An error in publisher itself, met while one manuscript or citation library was read, or one article was typeset or made a chapter.",
        "an error in publisher itself while it was read: IndexError: list index out of range (at passes/tables.py:20)",
        "Please report it with the file. `--keep-going` publishes the other articles.")

    # Reading manuscripts
    FORMAT = (
        "format", _ERROR, "The file is in a format that publisher does not read.",
        "unsupported input format: it is a pdf file", "Save it in a supported format. docs/formats.md lists them.")
    FORMAT_SNIFFED = (
        "format-sniffed", _NOTE, "The content of a file is of another format than its name says. The content was followed.",
        "read as html: its content says so, not its name", "Rename the file if you want no note.")
    ENCODING = (
        "encoding", _ERROR, "The bytes of a file are not text in an encoding that can be recognized.",
        "not text: neither UTF-8 nor another encoding that can be recognized", "Save the file as UTF-8.")
    ENCODING_GUESSED = (
        "encoding-guessed", _NOTE, "The encoding of a file was guessed from its bytes.",
        "read as windows-1252, a guess", "Save the file as UTF-8.")
    ENCODING_REPAIRED = (
        "encoding-repaired", _WARNING, "Some bytes are not valid in the encoding of the rest. Each stands as U+FFFD (�).",
        "3 bytes are not UTF-8, as the rest is; each is shown as �", "Ask the sender for a correct file, or correct the words that show �.")
    DOUBLE_ENCODING = (
        "double-encoding", _NOTE, "Text of a file was encoded twice (“itâ€™s”). It was repaired (“it’s”).",
        "text that was encoded twice is repaired: itâ€™s is now it’s", "Compare the words; ask the sender for a correct file.")
    CHARACTERS = (
        "control-characters", _WARNING, "A file has characters that no page can show, such as U+0008. They were removed; a lone half of a pair became �.",
        "removed the control character U+0008 and 3 more", "Ask the sender for a correct file, if words are missing there.")
    MANUSCRIPT_EMPTY = (
        "manuscript-empty", _ERROR, "A manuscript has no words.",
        "the manuscript is empty", "Remove it from the manifest, or add text.")
    LIMIT = (
        "limit", _ERROR, "A manuscript is larger, deeper or slower to read than a limit allows.",
        "larger than 64 MB", "If you trust the file, raise the limit under [limits] in the manifest.")
    ENCRYPTED = (
        "encrypted", _ERROR, "A document is encrypted, or in an Office format from before 2007, and cannot be read.",
        "the document is encrypted", "Save it without a password, in a current format.")
    ARCHIVE_BROKEN = (
        "archive-broken", _ERROR, "A docx, odt or EPUB file is not a complete zip archive, or a file in it is missing.",
        "not a zip archive: the file is cut off or is something else", "Copy or export the file again.")
    XML = (
        "xml", _ERROR, "A file that should be XML could not be parsed at all.",
        "not valid XML: document is empty", "Get the file again.")
    XML_REPAIRED = (
        "xml-repaired", _WARNING, "A file is broken XML. It was read as far as possible.",
        "broken XML, read as far as possible: opening and ending tag mismatch", "Compare the article with the file; get the file again.")
    JSON = (
        "json", _ERROR, "A file that should be JSON could not be parsed, or has other values than its format says.",
        "not valid JSON: expecting value", "Get the file again.")
    FRONT_MATTER = (
        "front-matter", _ERROR, "The front matter of a Markdown file is not valid YAML, or not a table of keys and values.",
        "the front matter is not valid YAML: mapping values are not allowed here", "Correct the line that the message names.")
    FRONT_MATTER_VALUE = (
        "front-matter-value", _WARNING, "A value in the front matter could not be used. It was ignored.",
        "date in the front matter is ignored: not a date of the form YYYY-MM-DD", "Correct the value: dates are YYYY-MM-DD.")
    WORD = (
        "docx", _ERROR, "A Word document could not be read.",
        "this Word document cannot be read: KeyError", "Open it in a word processor and save it again as .docx.")
    WORD_PARTIAL = (
        "docx-partial", _WARNING, "Something in a Word document was not understood. The rest was read.",
        "in the Word document: an unrecognised element was ignored: w:foo", "Compare the article with the document.")
    EPUB = (
        "epub", _ERROR, "An EPUB could not be read.",
        "this EPUB cannot be read: it names no package document", "Get the book again, or run EPUBCheck on it.")
    EPUB_PART_MISSING = (
        "epub-part-missing", _WARNING, "The reading order of an EPUB names a file that is not in the book, or that is no page.",
        "the spine names ch3.xhtml, which is not in the book", "Get the book again.")
    MAIL = (
        "mail", _ERROR, "A mail, or a web page saved as MHTML, could not be read.",
        "this mail cannot be read: no header", "Export the mail again.")
    MAIL_LEFT_OUT = (
        "mail-left-out", _WARNING, "One mail of a mailbox could not be read and was left out.",
        "a mail is left out: the mail is encrypted", "Export that mail by itself to see more.")
    MAIL_CUT_OFF = (
        "mail-cut-off", _WARNING, "A mail, or a web page saved as MHTML, ends before its last part does, or a part ends in the middle.",
        "cut off: the last part has no end", "Export the file again.")
    FEED_BROKEN = (
        "feed-broken", _WARNING, "A feed is broken in a way that may lose details such as authors or dates.",
        "this feed is broken; details may be missing: mismatched tag", "Get the feed again, or tell its publisher.")
    FEED_PAGE_UNREADABLE = (
        "feed-page-unreadable", _WARNING, "A page that was captured for an entry of a feed cannot be read. The words of the feed stand in its place.",
        "the captured page of https://harbor.example/log cannot be read: the page has no text; the feed's own words stand",
        "Fetch the page again, or save it in a browser as it is shown there.")
    FEED_CUT = (
        "feed-cut", _WARNING, "A feed ends before its last entry does.",
        "the feed is cut off: read as far as possible", "Get the feed again.")
    FEED_EMPTY = (
        "feed-empty", _NOTE, "No entry of a feed has words. An edition takes nothing from it; `publisher tree` shows its description.",
        "no entry of the feed has words", "Nothing; if the feed should have entries, check its address.")
    NOTHING_NEW = (
        "nothing-new", _NOTE, "A feed has no entries, or no article of a file is as new as `since` asks.",
        "no article since 2026-03-17", "Nothing, or choose an earlier day.")
    WORDS_UNACCOUNTED = (
        "words-unaccounted", _WARNING, "The ledger found words of a manuscript that are neither in the article nor recorded as removed.",
        "13 of 231 words (6 %) are neither in the article nor recorded as removed, most of them in a chart: “north south”",
        "Compare the article with the file. It is an error of publisher: please report it with the manuscript.")
    IMAGES_UNACCOUNTED = (
        "images-unaccounted", _WARNING, "The ledger found images of a manuscript that are neither in the article nor recorded as removed.",
        "2 images are neither in the article nor recorded as removed",
        "Compare the article with the file. It is an error of publisher: please report it with the manuscript.")
    NOT_COUNTED = (
        "not-counted", _NOTE, "The ledger could not count what a manuscript holds. Whether words were lost is not known.",
        "the ledger does not count this file: the plug-in that reads it has no inventory", "Compare the article with the file.")
    ARTICLE_SMALL = (
        "article-small", _WARNING, "Of a web page only a small part became the article, measured against the running text of the page.",
        "the article has only 3 % of the 1,240 words of running text of the page",
        "Look whether it is the right part of the page. If not, save the text of the article by itself (reader view).")
    RST = (
        "rst", _WARNING, "docutils found a fault in a reStructuredText file.",
        "reStructuredText: title underline too short", "Correct the line that the message names.")
    HEADLINE_MISSING = (
        "headline-missing", _WARNING, "An article has no headline. The name of its file is used.",
        "no headline: the file's name is used, 'Notes'", "Add a headline, or give title in front matter, sidecar or manifest.")
    METADATA_GUESSED = (
        "metadata-guessed", _NOTE, "A byline, date, language or other value was guessed and may be wrong.",
        "date: 2026-03-17, guessed from the page's own text", "If it is wrong, give the value in a sidecar or the manifest.")

    TEXT_FROM_DATA = (
        "text-from-data", _WARNING, "A saved page does not show its article. The text is from data for scripts in it.",
        "the page does not show its article; the text is from JSON-LD (articleBody)",
        "Read it once: subheadings, images and links may be missing. Better, save the page again as the browser shows it.")

    # What agencies say of a story
    EMBARGO = (
        "embargo", _NOTE, "The agency does not allow publication before a certain time. A build leaves the story out, or stops.",
        "under embargo: until 2026-03-18T06:00", "Do not publish earlier.")
    NOT_USABLE = (
        "not-usable", _NOTE, "The agency has withdrawn or held back a story (KILL, HOLD, withheld, canceled). A build leaves it out, or stops.",
        "the agency says of this story: KILL", "Do not publish it.")
    HELD = (
        "held", _ERROR, "An article that is named by its path is under embargo, or the agency has withdrawn or held it back.",
        "“Gate opens” must not be published (HOLD)",
        "Remove the article. If the agency has released it, set hold = false for it in the manifest or in its sidecar.")
    HELD_LEFT_OUT = (
        "held-left-out", _WARNING, "An article from a feed or a folder is under embargo, withdrawn or held back. It was left out.",
        "“Gate opens” must not be published (HOLD): it is left out",
        "Nothing. If the agency has released it, set hold = false for it in the manifest or in its sidecar.")
    STORY_REPEATED = (
        "story-repeated", _NOTE, "A story is in several files of the edition: in two feeds, or in a feed and as a saved page. It is published once.",
        "“Gate opens” is left out: gate.html has the same story (same address), in more words (310, not 42)",
        "Nothing. To publish another copy, remove the one that was kept from the edition.")
    ARTICLES_LEFT_OUT = (
        "articles-left-out", _NOTE, "Articles with errors were left out, because of --keep-going or on_error (exit code 6). The colophon names them.",
        "2 articles are left out because of errors: aid.docx, map.html", "Correct the errors, and build again.")
    ADVISORY = (
        "advisory", _NOTE, "A line of a story is addressed to editors, not to readers. It was left out.",
        "to editors: UPDATES with minister's reply", "Read it; nothing else is needed.")

    # What a page cannot print
    EMBEDDED_LEFT_OUT = (
        "embedded-left-out", _WARNING, "A video, form, chart or other embedded object cannot be printed and was left out.",
        "a <form> is left out: it cannot be printed", "Put an image or a link in its place.")
    NOTICE_LEFT_OUT = (
        "notice-left-out", _NOTE, "A page says in place of a video or object that a program does not support it. That is not part of the article.",
        "left out, in place of a <video>: Your browser does not support video", "Nothing.")
    ATTACHMENT_LEFT_OUT = (
        "attachment-left-out", _NOTE, "An attachment or another part of a mail is not part of the article.",
        "the attachment report.pdf is left out", "Save it and add it to the edition if it is an article.")
    COMMENTS_LEFT_OUT = (
        "comments-left-out", _NOTE, "Comments in a document are not part of the article.",
        "2 comments of the document left out", "Nothing, or put their words into the text.")
    MATH_UNREADABLE = (
        "math-unreadable", _WARNING, "A formula could not be drawn. Its words or its source are kept.",
        "a formula cannot be drawn: unknown command", "Correct the formula.")

    # Images, links and notes
    PATH_REFUSED = (
        "path-refused", _WARNING, "A manuscript names a file that it may not name: outside the folders of the edition, a device or pipe, or too large. It was not opened.",
        "../../map.png is not read: it is outside the folders of this edition",
        "Put the file beside the manuscript, or allow its folder: `allow` under [inputs] in the manifest, or --allow DIR.")
    IMAGE_MISSING = (
        "image-missing", _WARNING, "An image was not found. A placeholder with its alt text and caption stands in its place.",
        "image not found: map.png", "Put the file there. Paths are relative to the manuscript; `publisher fetch` captures images of pages.")
    IMAGE_BROKEN = (
        "image-broken", _WARNING, "An image file cannot be read. A placeholder stands in its place.",
        "the image map.png cannot be read", "Save it as PNG, JPEG or SVG.")
    IMAGE_TOO_LARGE = (
        "image-too-large", _WARNING, "An image has more pixels than a limit allows, or a drawing more elements. A placeholder stands in its place.",
        "the image map.png has 96 megapixels; 80 is the limit", "Save it with fewer pixels, or raise megapixels under [limits] in the manifest; save such a drawing as PNG.")
    IMAGE_PARTIAL = (
        "image-partial", _WARNING, "A drawing (SVG) holds text in HTML, or an image that is not embedded in it. They cannot be shown everywhere and were left out.",
        "left out of the image map.svg: the words “Upper lock”", "Draw the words as SVG text and embed images in the drawing, or save it as PNG.")
    ALT_MISSING = (
        "alt-missing", _WARNING, "An image has no alt text, so readers who cannot see it learn nothing of it.",
        "the image map.png has no alt text", 'Say in a few words what it shows; alt="" in HTML for an image that only decorates.')
    ADDRESS_REFUSED = (
        "address-refused", _WARNING, "An address is none that an output may have: http, https, mailto or tel, and whole. It was left out; the words of a link stay.",
        "the address javascript:steal() is left out: only http, https, mailto and tel may stand in an output",
        "Give a whole address (https://…), or none.")
    LINK_BROKEN = (
        "link-broken", _WARNING, "A link leads to nothing in the article or the edition. Its words are kept.",
        "the link #part-2 leads nowhere; its words are kept", "Correct the link, or add the file to the edition.")
    SOURCES_UNDESCRIBED = (
        "sources-undescribed", _NOTE, "Of some sources only the address is known: their notes are bare addresses.",
        "2 sources are known by the address alone: https://example.org/a, https://example.org/b",
        "Capture them with `publisher fetch --sources MANIFEST`, name them in a citation library, or give the link words that say what it leads to.")
    LINK_REMOVED = (
        "link-removed", _NOTE, "A link in an e-book leads to a part that is no article, such as its contents. Its words are kept.",
        "the link 'Contents' leads to nav.xhtml, which is no article; its words are kept", "Nothing.")
    NOTE_MISSING = (
        "note-missing", _WARNING, "A footnote reference has no footnote. It is kept as typed; a reference of a Word document, which has no words, is left out.",
        "no footnote for the reference [^3]; kept as typed", "Add the footnote, or remove the reference.")
    NOTE_UNUSED = (
        "note-unused", _WARNING, "A footnote has no reference in the text. It stands after the others.",
        "no reference to the footnote 3; it stands after the others", "Add the reference, or remove the footnote.")

    # Citations and citation libraries
    LIBRARY = (
        "library", _ERROR, "A citation library (`bibliography`) cannot be read at all.",
        "not valid JSON: expecting value", "Correct the place that the message names, or export the library again.")
    LIBRARY_ENTRY = (
        "library-entry", _WARNING, "One entry of a citation library cannot be read. It was left out; the others are used.",
        "the entry lock2020 is left out: unexpected end of input", "Correct the entry.")
    LIBRARY_VALUE = (
        "library-value", _ERROR, "An entry that is cited has a date that does not exist, an address that is none, or a value of another kind, which is left out.",
        "lock2020: issued: the date 2020-13-45 does not exist", "Correct the entry.")
    LIBRARY_VALUE_UNUSED = (
        "library-value-unused", _WARNING, "An entry of a citation library that is not cited has a date that does not exist, an address that is none, or a value of another kind.",
        "lock2020: URL: 'htp:/harbor' is no address", "Correct the entry before it is cited.")
    LIBRARY_CONFLICT = (
        "library-conflict", _ERROR, "Two entries of the citation libraries have the same key and are not the same.",
        "lock2020 is another work than in refs.bib:12", "Give one of them another key, or remove it.")
    CITATION_UNKNOWN = (
        "citation-unknown", _ERROR, "A citation names a key that no citation library has.",
        "no library has the key lock2021", "Correct the key, or add the entry. Write \\@name for a name that is no citation.")
    STYLE_BROKEN = (
        "style-broken", _ERROR, "A citation style (.csl) cannot be read, or citeproc-js cannot use it.",
        "not valid XML: opening and ending tag mismatch", "Get the style again.")

    # Typesetting
    GLYPH_MISSING = (
        "glyph-missing", _WARNING, "No font has a character of the text. A framed mark with its code point stands for it.",
        "no font has ⵣ (U+2D63 TIFINAGH LETTER YAZ); a mark with its code point stands for it: “…the letter ⵣ of…”",
        "Install the font package that the hint names, or write the character in another way.")
    FONT_SYSTEM = (
        "font-system", _WARNING,
        "Text is set in a font of this machine, because the theme has none for it. Other machines may have another font, or none: their pages differ.",
        "no font of the theme has ქ (U+10E5 GEORGIAN LETTER KHAR); set in DejaVu Serif (2.37), a font of this machine: “…the letter ქ of…”",
        "Add a font with these characters to the theme (docs/themes.md), or build on machines with the same fonts. The font is embedded in the PDF.")
    NESTING = (
        "nesting", _ERROR, "An article nests elements deeper than the typesetting engine can follow.",
        "aid is nested too deeply to be typeset", "Make its lists, tables or quotations less deep.")
    NOTE_MOVED = (
        "note-moved", _NOTE, "A footnote is too tall for the foot of a page. It stands at the end of its article.",
        "footnote 3 of aid is too tall for the foot of a page; it stands at the end of the article", "Nothing, or make it shorter.")
    WORDS_LOST = (
        "words-lost", _ERROR,
        "The PDF or the EPUB lacks words of an article, has more of them, or has them in another order within a paragraph, cell, caption or note. Nothing was written.",
        "words of aid differ in the PDF: “seven barges” is missing in “On Tuesday seven barges passed the lock.”",
        "Please report it with the manuscript. A style sheet of a theme that hides a part of the text may be the cause.")
    LINKS_LOST = (
        "links-lost", _ERROR,
        "In the PDF or the EPUB a link of an article is no link, or it leads elsewhere or nowhere. Nothing was written.",
        "links of aid differ in the PDF: “the lock book” should lead to https://harbor.example/log, but is no link",
        "Please report it with the manuscript.")
    TYPESETTING = (
        "typesetting", _WARNING, "The typesetting engine reports a fault in an article or a theme.",
        "Ignored `foo: bar` at 3:1, unknown property", "Correct the theme's style sheet or the article's markup.")
    ENGINE_UNKNOWN = (
        "engine-unknown", _WARNING,
        "The installed WeasyPrint is not the version that publisher's corrections were written for. The PDF is made, but it does not claim PDF/UA or PDF/A.",
        "WeasyPrint 70.1: the correction 'footnotes' does not apply", "Install the version that the hint names.")
    CHAPTER = (
        "chapter", _ERROR, "A chapter of the EPUB would not be well-formed. Nothing was written.",
        "the chapter aid is not well-formed: mismatched tag", "Please report it with the manuscript.")

    # Themes
    THEME_UNKNOWN = (
        "theme-unknown", _ERROR, "No theme has this name.",
        "theme 'breif' not found", "Use a name from the list in the hint, or the path of a folder (./mine).")
    THEME_CIRCLE = (
        "theme-circle", _ERROR, "A theme extends itself, directly or through others.",
        "the theme mine extends itself", "Change `extends` in its theme.toml.")
    THEME_FILE = (
        "theme-file", _ERROR, "A theme lacks a file that it needs.",
        "the theme mine has no page.css", "Add the file, or extend a theme that has it.")
    THEME_SETTINGS = (
        "theme-settings", _ERROR, "A theme.toml is not valid TOML or has an unknown key or value.",
        "theme.toml is not valid TOML: expected a value", "Correct the line that the message names. docs/themes.md lists the keys.")
    THEME_TEMPLATE = (
        "theme-template", _ERROR, "A template of a theme has a fault.",
        "template: unexpected '}'", "Correct the line that the message names.")
    THEME_CSS = (
        "theme-css", _ERROR, "A style sheet of a theme has a fault.",
        "unknown property colour", "Correct the line that the message names.")
    CONTRAST = (
        "contrast", _WARNING, "Two colors of [theme] or of a theme of your own are too much alike: text in them is hard to read (WCAG 2.2, 1.4.3).",
        "the contrast of the accent (#ffcc00) with the paper (#fff) is 1.5 : 1; 4.5 : 1 is the least for text", "Choose a darker color for text on light ground, or a lighter color on dark ground.")

    # Fetching
    FETCH_ADDRESS = (
        "fetch-address", _WARNING, "Something is neither an address that can be fetched nor a file of addresses.",
        "only http and https addresses are fetched", "Give a whole address (https://…), or a file with one address per line.")
    FETCH_HOST = (
        "fetch-host", _WARNING, "The host of an address does not exist.",
        "host not found: exmaple.org", "Correct the address; check the network.")
    FETCH_PRIVATE = (
        "fetch-private", _WARNING, "An address is on a private network, and these are refused.",
        "intranet (10.0.0.7) is not a public address", "Use --allow-private if you trust every address and page.")
    FETCH_ROBOTS = (
        "fetch-robots", _WARNING, "The site's robots.txt forbids fetching the page.",
        "robots.txt of the site forbids it", "Ask the site; --ignore-robots does not ask.")
    FETCH_STATUS = (
        "fetch-status", _WARNING, "The server answered with an error.",
        "status 404", "Check the address.")
    FETCH_BUSY = (
        "fetch-busy", _WARNING, "The server asks to wait longer than publisher waits.",
        "status 429: asked to wait 600 s, the limit is 30", "Try again later.")
    FETCH_FAILED = (
        "fetch-failed", _WARNING, "The connection failed, or the answer was damaged.",
        "no answer: ConnectTimeout", "Check the network and try again.")
    FETCH_REDIRECTS = (
        "fetch-redirects", _WARNING, "An address redirects in a circle or too often.",
        "more than 10 redirects", "Open the address in a browser and use the one it ends at.")
    FETCH_SIZE = (
        "fetch-size", _WARNING, "An answer is larger than the limit.",
        "larger than 32 MB", "Raise --max-size.")
    FETCH_SLOW = (
        "fetch-slow", _WARNING, "An answer took longer than the limit.",
        "not finished in 60 s", "Raise --timeout.")
    FETCH_EMPTY = (
        "fetch-empty", _WARNING, "The answer has no content.",
        "the answer is empty", "Check the address.")
    FETCH_KIND = (
        "fetch-kind", _WARNING, "The answer is of a kind that is not a document or not an image.",
        "video/mp4 is not a document", "Save what you need by hand.")
    FETCH_NO_FEED = (
        "fetch-no-feed", _WARNING, "The answer at the address of a feed is no feed, or a feed without words: often a page that asks for a password. An earlier capture stays.",
        "https://example.org/feed.xml is not captured: it is a web page, not a feed", "Open the address in a browser; give user name and password in a netrc file.")
    FETCH_IMAGE = (
        "fetch-image", _WARNING, "An image of a captured page could not be fetched.",
        "an image is missing: status 404", "Nothing, or add the image by hand.")
    FETCH_UNCHANGED = (
        "fetch-unchanged", _NOTE, "The page has not changed since it was last captured.",
        "unchanged since the last time", "Nothing.")
    LINK_DEAD = (
        "link-dead", _WARNING, "A cited address does not answer with success.",
        "status 404", "Correct the address, or cite an archived copy.")
    LINK_MOVED = (
        "link-moved", _NOTE, "A cited address has moved permanently.",
        "moved to https://example.org/new", "Cite the new address.")

    # Finished files
    PDF = (
        "pdf", _ERROR, "A file is not a PDF that can be opened.",
        "this PDF cannot be read: unable to find trailer dictionary", "Make the file again.")
    PDF_RULE = (
        "pdf-rule", _ERROR, "A PDF fails a rule of PDF/UA-1 or PDF/A-3. The message carries the number of the rule.",
        "a figure has no alternative text [ua-13-004]", "See docs/pdf-rules.md, or `publisher explain NUMBER`.")
    PDF_TITLE = (
        "pdf-title", _ERROR, "A PDF has no title.", "the file has no title", "Give the edition a title.")
    PDF_UNTAGGED = (
        "pdf-untagged", _ERROR, "A PDF has no structure for screen readers.", "the file is not tagged",
        "Make it with a program that writes tagged PDF.")
    PDF_PAGE_UNTAGGED = (
        "pdf-page-untagged", _ERROR, "A page of a PDF has content that the structure does not know.",
        "page 3 is not in the structure tree", "If publisher made the file, please report it.")
    PDF_PARENT_TREE = (
        "pdf-parent-tree", _ERROR, "Content or a link of a page and the structure element that should own it do not point at each other.",
        "page 3: content 7 is owned by no structure element", "If publisher made the file, please report it.")
    PDF_LINK_UNTAGGED = (
        "pdf-link-untagged", _ERROR, "A link on a page belongs to no structure element.",
        "a link on page 3 is in no structure element", "If publisher made the file, please report it.")
    PDF_LINK_LOST = (
        "pdf-link-lost", _ERROR, "A link within a PDF leads to a place that does not exist.",
        "a link on page 3 leads to aid.note-1, which does not exist", "If publisher made the file, please report it.")
    PDF_LINK_AREA = (
        "pdf-link-area", _WARNING, "A link of a PDF has no area on the page, so that nobody can click on it.",
        "the link \"Note 1\" on page 3 has no area that a reader could click on", "Use the program's newest version and make the file again.")
    PDF_FIGURE_BOX = (
        "pdf-figure-box", _ERROR, "The box that a PDF gives for a figure is not on the figure's page.",
        "the box of a figure on page 3 is not on the page", "If publisher made the file, please report it.")
    PDF_NOTE_UNTAGGED = (
        "pdf-note-untagged", _ERROR, "Footnotes or footnote references of the articles are not in the structure of the PDF.",
        "2 footnotes are not tagged as Note: aid.note-1, aid.note-2",
        "Install the version of WeasyPrint that publisher's corrections were written for and build again.")
    EPUB_RULE = (
        "epub-rule", _WARNING, "A book has something that e-readers are known to fail on. The message carries the name of the rule.",
        "the cover is larger than 3 MB [kobo-cover]", "See docs/epub-rules.md, or `publisher explain NAME`.")
    EPUBCHECK = (
        "epubcheck", _ERROR, "EPUBCheck reports an error. The message carries its number; a warning of EPUBCheck is a warning here.",
        "OEBPS/aid.xhtml:12: element \"foo\" not allowed here [epubcheck-RSC-005]", "See EPUBCheck's documentation of that number.")
    ACE = (
        "ace", _WARNING, "Ace by DAISY reports a violation of accessibility. The message carries the name of its rule.",
        "aid.xhtml: images must have alternate text [ace-image-alt]", "See the DAISY knowledge base for that rule.")
