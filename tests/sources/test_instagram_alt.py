from datetime import UTC, datetime

import pytest

from pelican_photos.sources.instagram_alt import sort_alt

MAY_12 = datetime(2024, 5, 12, 18, 3, tzinfo=UTC)
NAMES = ("someone", "Some One")


@pytest.mark.parametrize(
    "text",
    [
        "Photo by Some One on May 12, 2024. May be an image of boats.",
        "Photo shared by Some One in Nazaré with @bob.",
        "Photo by Another Name in Nazaré.",
        "May be an image of 1 person and ocean.",
        "May be a black-and-white image of the sea.",
        "Image may contain: one or more people",
        "Foto von Some One in Nazaré.",
        "Foto von Another Name in Nazaré.",
        "Könnte ein Bild von Boot und Meer sein.",
        "Photo de Another Name le mai 12, 2024. Peut être une image de océan.",
        "L\N{RIGHT SINGLE QUOTATION MARK}image contient peut-être : une personne",
        "Foto compartilhada por Another em 11 de maio. Pode ser uma imagem de barco.",
        "Potrebbe essere un'immagine raffigurante mare",
        "テキストの画像のようです",
        "Возможно, это изображение (1 человек)",
        "2024年5月13日",  # the day of the post, in a zone further east
        "٢٠٢٤/٥/١٢",
        "ሰማያዊ ባሕር",  # in a script of which we know no machine's phrase
        "someone at the beach",
    ],
)
def test_what_may_be_a_machines_text_is_taken_for_one(text):
    assert sort_alt(text, names=NAMES, published=MAY_12) == ("", text)


@pytest.mark.parametrize(
    "text",
    [
        "Fishing boats drawn up on the sand at dusk",
        "Foto von einem Boot am Strand",
        "Foto de una barca en la playa, 2024",
        "A sign that reads NO ENTRY 12",
        "Der Mai ist gekommen",
        "夕暮れの漁船",
        "Рыбацкие лодки 🌅",
        "someones cat",
    ],
)
def test_a_persons_text_is_theirs(text):
    assert sort_alt(text, names=NAMES, published=MAY_12) == (text, "")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "No photo description available.",
        "Keine Fotobeschreibung verfügbar.",
        "写真の説明はありません。",
    ],
)
def test_no_description_is_none(text):
    assert sort_alt(text, published=MAY_12) == ("", "")
