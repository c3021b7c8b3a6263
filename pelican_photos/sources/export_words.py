"""What labels of an export are called in the languages of Instagram, for want of anything else.

An export is written in the language of the account, and its labels have no other names.
A word that is missing here costs a place's name, or a caption that nothing else tells.  Pure.
"""

# ruff: noqa: RUF001 - letters of many languages

import unicodedata

_CAPTION = frozenset(
    (
        "caption légende bildunterschrift titel leyenda legenda didascalia bijschrift bildtext "
        "billedtekst bildetekst kuvateksti podpis popisek popis opis açıklama подпись підпис "
        "λεζάντα keterangan kapsyen 캡션 キャプション 说明 說明 标题 標題 คำบรรยาย"
    ).split()
) | {"pie de foto", "descripción", "descrição", "chú thích"}
_DRAFT = frozenset(
    (
        "draft brouillon entwurf borrador rascunho bozza concept utkast kladde luonnos "
        "koncept ciornă piszkozat taslak черновик чернетка πρόχειρο draf 임시보관 下書き 草稿 "
        "ฉบับร่าง"
    ).split()
) | {"is draft", "wersja robocza", "szkic", "bản nháp"}
_FALSE = frozenset(
    (
        "false faux falsch falso no non nein nej nei não nee onwaar falsk fałsz nie ne hayır "
        "yanlış нет ложь ні хибність ψευδές tidak salah epätosi ei hamis nem fals 거짓 아니요 "
        "いいえ 偽 否 0"
    ).split()
) | {""}
_TRUE = frozenset(
    (
        "true vrai wahr verdadero cierto sí yes ja oui verdadeiro sim vero waar sant sann sandt "
        "prawda tak pravda ano igaz igen adevărat da doğru evet истина правда да так αληθές ναι "
        "benar ya đúng tosi kyllä 참 예 はい 真 是 จริง 1"
    ).split()
)
_PLACE = frozenset(
    (
        "location place lieu ort standort lugar ubicación localização local luogo posizione "
        "locatie plaats plats sted sijainti miejsce lokalizacja místo poloha hely locație "
        "konum yer место местоположение місце τοποθεσία lokasi tempat 위치 位置情報 場所 地点 位置"
    ).split()
) | {"địa điểm", "place name"}
_OWNER = frozenset(
    (
        "owner propriétaire besitzer inhaber eigentümer propietario proprietário dono "
        "proprietario eigenaar ägare ejer eier omistaja właściciel vlastník tulajdonos proprietar "
        "sahip sahibi владелец власник ιδιοκτήτης pemilik 소유자 所有者 オーナー 擁有者 เจ้าของ"
    ).split()
) | {"chủ sở hữu"}
_USERNAME = tuple(
    "user utilis benutzer usuari usuár utente gebruikers brugern brukern användar käyttäj "
    "nazwa uživatel kullanıcı имя nama 사용자 ユーザー 用户 用戶".split()
)
_LATITUDE = tuple("lat breit breed bredd szer широт enlem leveys vĩ 위도 緯度 纬度".split())
_LONGITUDE = tuple(
    "lon läng lang lengte lengde długość долг довгот boylam pituus 경도 経度 經度 经度".split()
)


def is_caption_label(label: str) -> bool:
    """Tell whether a label means "Caption"."""
    return _folded(label) in _CAPTION


def is_draft_label(label: str) -> bool:
    """Tell whether a label means "Draft"."""
    return _folded(label) in _DRAFT


def is_false(value: str) -> bool:
    """Tell whether a value means "False" or "No", or is empty."""
    return _folded(value) in _FALSE


def is_true(value: str) -> bool:
    """Tell whether a value means "True" or "Yes"."""
    return _folded(value) in _TRUE


def is_place_label(label: str) -> bool:
    """Tell whether a label means "Location"."""
    return _folded(label) in _PLACE


def is_owner_label(label: str) -> bool:
    """Tell whether a label means "Owner"."""
    return _folded(label) in _OWNER


def is_username_label(label: str) -> bool:
    """Tell whether a label means "Username"."""
    folded = _folded(label)
    return folded.startswith(_USERNAME) or "utili" in folded  # nom d'utilisateur, nome utente


def is_latitude_label(label: str) -> bool:
    """Tell whether a label means "Latitude"."""
    return _folded(label).startswith(_LATITUDE)


def is_longitude_label(label: str) -> bool:
    """Tell whether a label means "Longitude"."""
    return _folded(label).startswith(_LONGITUDE)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip(" :").casefold()
