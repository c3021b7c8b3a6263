# ruff: noqa: RUF001 - the phrases are in the scripts of their languages
"""Who wrote the words beside a picture on Instagram: its owner, or a machine.

Instagram sends both in one field, ``accessibility_caption``, and says nowhere which
it is.  A machine's text comes in the *viewer's* language and follows a pattern:
"Photo by NAME on DATE. May be an image of boats."  So a text counts as a machine's
when any of these holds:

- it names the owner of the post, by full name or by user name;
- it names the day of the post (its year and its day, as numbers);
- it mentions somebody with an "@";
- it holds one of the phrases below, which are Instagram's own in its commoner languages,
  or begins like "Foto von" with a capital after it;
- it is in a script that none of those phrases is in, so that nothing can be said.

Else a person wrote it.  The rule errs towards the machine: a good alt text that is
marked as a machine's is a pity, a machine's guess that passes for the owner's is a lie.
"""

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta

# "No photo description available.", which is no description.  Compared casefolded.
_NO_DESCRIPTION = (
    "no photo description available",
    "keine fotobeschreibung verfügbar",
    "aucune description de photo disponible",
    "no hay ninguna descripción de la foto",
    "no hay descripción de la foto",
    "nenhuma descrição de foto disponível",
    "nessuna descrizione della foto disponibile",
    "geen fotobeschrijving beschikbaar",
    "ingen fotobeskrivning tillgänglig",
    "ingen tilgængelig billedbeskrivelse",
    "ingen bildebeskrivelse er tilgjengelig",
    "ei kuvausta saatavilla",
    "brak dostępnego opisu zdjęcia",
    "fotoğraf açıklaması yok",
    "tidak ada deskripsi foto",
    "không có mô tả ảnh",
    "описание фото недоступно",
    "немає опису світлини",
    "δεν υπάρχει διαθέσιμη περιγραφή",
    "لا يتوفر وصف للصورة",
    "אין תיאור זמין לתמונה",
    "कोई फ़ोटो विवरण उपलब्ध नहीं",
    "ไม่มีคำอธิบายรูปภาพ",
    "写真の説明はありません",
    "사진 설명이 없습니다",
    "没有照片描述",
    "沒有相片說明",
)

# "May be an image of …", the older "Image may contain: …", and "Photo shared by …".
_MACHINE = re.compile(
    r"""
    (^|\.\ )may\ be\b | \b(image|photo|video)\ may\ contain\b
    | ^(photo|video|image|reel|clip)\ (shared\ )?by\b
    | \b(könnte|kann)\ eine?\ .*\ sein\b | \bist\ möglicherweise\ eine?\b
    | \bbild\ könnte\ enthalten\b
    | \bpeut\ être\ une?\b | \bl'image\ contient\ peut-être\b
    | \bpuede\ ser\ una?\b | \bla\ imagen\ puede\ contener\b
    | \bpode\ ser\ uma?\b | \ba\ imagem\ pode\ conter\b
    | \bpotrebbe\ essere\ | \bl'immagine\ può\ contenere\b
    | \bkan\ een\ .*\ zijn\b | \bde\ afbeelding\ kan\b
    | \bkan\ vara\ en\b | \bkan\ være\ e[tn]\b | \bvoi\ olla\b
    | \bmoże\ być\b | \bmůže\ jít\ o\b | \blehet,\ hogy\b | \bpoate\ fi\ o\b
    | \bolabilir\b | \bmungkin\ (gambar|foto)\b | \bcó\ thể\ là\b
    | возможно,\ это | может\ находиться | можливо,\ це | μπορεί\ να\ είναι
    | قد\ تكون\ صورة | ייתכן\ שזו | हो\ सकती\ है | อาจเป็น
    | のようです | 일\ 수\ 있음 | 可能是 | 图片中可能 | 圖像中可能
    """,
    re.VERBOSE,
)

# "Foto von Alice …", whatever her name is now; "Foto von einem Boot" is a person's.
_OPENING = re.compile(
    r"(?:photo|foto|image|imagen|imagem|bild|billede|bilde|video|vídeo|vidéo)"
    r"(?: \w+)? (?:von|de|par|por|di|da|van|door|av|af) (.)",
    re.IGNORECASE,
)

_LONG_ENOUGH = 2000  # characters to judge by; the owner may write 1000

# The first word of the Unicode name of a letter, for the scripts of the phrases above.
_SCRIPTS = frozenset(
    "LATIN CYRILLIC GREEK ARABIC HEBREW DEVANAGARI THAI HIRAGANA KATAKANA"
    " KATAKANA-HIRAGANA CJK HANGUL FULLWIDTH HALFWIDTH FEMININE MASCULINE MICRO".split()
)


def sort_alt(text: str, *, names: Iterable[str] = (), published: datetime) -> tuple[str, str]:
    """Tell a person's text from a machine's: ``(alt, alt_auto)``, at most one of them filled.

    Args:
        text: what Instagram sent, on one line.
        names: the owner's user name and full name, as far as they are known.
        published: when the post was published; dates in a text may be a day off,
            because Instagram writes them in the viewer's time zone.
    """
    folded = text[:_LONG_ENOUGH].casefold().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
    if not text or any(phrase in folded for phrase in _NO_DESCRIPTION):
        return "", ""
    if (
        "@" in text
        or _MACHINE.search(folded)
        or _opens_with_a_name(text)
        or any(_mentions(folded, name.casefold()) for name in names)
        or _names_the_day(text, published)
        or not _is_in_a_known_script(text)
    ):
        return "", text
    return text, ""


def _opens_with_a_name(text: str) -> bool:
    opening = _OPENING.match(text)
    return opening is not None and opening[1].isupper()


def _mentions(text: str, name: str) -> bool:
    return bool(name) and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None


def _names_the_day(text: str, published: datetime) -> bool:
    numbers = {int(digits) for digits in re.findall(r"\d{1,4}", text)}  # \d knows Arabic digits too
    days = (published + timedelta(days=shift) for shift in (-1, 0, 1))
    return any({day.year, day.day} <= numbers for day in days)


def _is_in_a_known_script(text: str) -> bool:
    letters = (letter for letter in text if unicodedata.category(letter).startswith("L"))
    return all(unicodedata.name(letter, "").partition(" ")[0] in _SCRIPTS for letter in letters)
