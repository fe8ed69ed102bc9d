"""Old encodings are guessed by the names that come out; whoever brings the list sees the others beside it."""

import json

import files
import make_letters
import pytest

from groundswell.exchange.importing import reading
from groundswell.exchange.importing.reading import letters
from groundswell.exchange.importing.reading.encodings import ENCODINGS, code_of
from groundswell.kernel.errors import Refusal

# What eight people of a country and their towns are called, and in which encodings that is written there.
NAMES = {
    "cs": (
        "Jméno;Město|Jiří Dvořák;Plzeň|Květa Šťastná;České Budějovice|Žaneta Růžičková;Třebíč",
        "cp1250 iso8859-2",
    ),
    "pl": (
        "Imię;Miasto|Łucja Żółć;Łódź|Stanisław Wiśniewski;Gdańsk|Małgorzata Dąbrowska;Poznań",
        "cp1250 iso8859-2 cp852",
    ),
    "hu": ("Név;Város|Győző Szőke;Győr|Örs Kövér;Kecskemét|Ágnes Tóth;Székesfehérvár", "cp1250 iso8859-2"),
    "hr": ("Ime;Grad|Đurđica Čović;Đakovo|Žarko Šimić;Šibenik|Nevenka Matić;Čakovec", "cp1250"),
    "ru": (
        "Имя;Город|Алексей Соколов;Москва|Ольга Щербакова;Нижний Новгород|Юлия Жукова;Пермь",
        "cp1251 koi8-r cp866 iso8859-5 mac-cyrillic",
    ),
    "uk": ("Ім'я;Місто|Віра Їжакевич;Вінниця|Євген Ґудзь;Київ|Іван Шевченко;Чернівці", "cp1251 koi8-u"),
    "bg": ("Име;Град|Живко Щерев;Пловдив|Цветанка Йорданова;Стара Загора|Здравка Ангелова;Русе", "cp1251"),
    "el": (
        "Όνομα;Πόλη|Άννα Παπαδοπούλου;Αθήνα|Γιώργος Ιωάννου;Θεσσαλονίκη|Ελένη Χατζή;Πάτρα",
        "cp1253 iso8859-7",
    ),
    "tr": ("Adı;Şehir|Ayşe Yıldız;İstanbul|Gülşen Çağlar;Eskişehir|Uğur Işık;Muğla", "cp1254"),
    "he": ("שם;עיר|יעל כהן;תל אביב|משה לוי;חיפה|רחל מזרחי;ירושלים", "cp1255"),
    "ar": ("الاسم;المدينة|محمد الحسن;القاهرة|فاطمة الزهراء;الدار البيضاء|أحمد خليل;بغداد", "cp1256"),
    "lt": (
        "Vardas;Miestas|Žydrūnė Šimkutė;Šiauliai|Ąžuolas Čepaitis;Panevėžys|Rūta Jankauskienė;Kėdainiai",
        "cp1257",
    ),
    "th": ("ชื่อ;เมือง|สมชาย ใจดี;กรุงเทพ|มาลี ศรีสุข;เชียงใหม่|วิชัย ทองดี;ขอนแก่น", "cp874"),
    "ja": ("氏名;市区町村|佐藤 花子;横浜市|高橋 健一;さいたま市|サトウ ハナコ;札幌市", "cp932 euc-jp"),
    "zh": ("姓名;城市|王小明;北京市|李秀英;上海市|欧阳建国;广州市", "gb18030"),
    "zh-TW": ("姓名;城市|陳怡君;臺北市|林志豪;高雄市|張雅婷;新竹縣", "big5"),
    "ko": ("이름;도시|김영희;서울특별시|박철수;부산광역시|최민준;대구광역시", "cp949"),
    "de": ("Name;Straße|Jörg Müller;Hüttenstraße 3|Käthe Groß;Königsallee 1|Björn Weiß;Am Bühl 7", "cp1252"),
    "fr": ("Prénom;Ville|Zoé Lefèvre;Orléans|François Garçon;Besançon|Hélène Noël;Nîmes", "cp1252"),
    "sv": ("Namn;Ort|Åsa Sjöberg;Malmö|Örjan Nyström;Linköping|Märta Hägg;Umeå", "cp1252"),
}
LISTS = [(language, text, code) for language, (text, codes) in NAMES.items() for code in codes.split()]


def towns(path, **more) -> str:
    return "|".join(";".join(row.values) for row in reading.rows(path, **more).rows)


def body(text: str) -> str:
    return text.partition("|")[2]


def test_short_lists_of_names_are_read_in_the_encodings_of_their_countries(tmp_path):
    unlike = []
    for language, text, code in LISTS:
        path = files.written(tmp_path, text.replace("|", "\r\n"), encoding=code)
        if towns(path, languages=[language]) != body(text):
            unlike.append((language, code))
        shown = reading.readings(path, languages=["sw"])
        # Even for a unit of another language the right reading stands there to be chosen.
        assert any(towns(path, encoding=one.code) == body(text) for one in shown), (language, code)
    assert unlike == []
    strangers = [code for _language, text, code in LISTS if _guessed(tmp_path, text, code) != body(text)]
    assert strangers == []


def _guessed(folder, text, code):
    """Return what is read where nobody says whose languages these are."""
    return towns(files.written(folder, text.replace("|", "\n"), encoding=code))


def test_one_accent_in_a_long_list_is_read_as_the_unit_writes(tmp_path):
    for language, name, code in (
        ("pl", "Łukasz Kot", "cp1250"),
        ("de", "Jörg Adler", "cp1252"),
        ("tr", "Işıl Kaya", "cp1254"),
    ):
        rows = "\n".join(f"Name {number};n{number}@example.org" for number in range(500))
        path = files.written(tmp_path, f"Name;E-Mail\n{rows}\n{name};x@example.org\n", encoding=code)
        assert list(reading.rows(path, languages=[language]).rows)[-1].values[0] == name


def test_of_readings_alike_the_expected_one_is_named_and_every_other_is_seen_to_differ(tmp_path):
    """Ayşe's secretary saved the list where it could not be written: what is left is German, and one á."""
    names = ("Straße", "Müller", "Hans-Jürgen", "Öztürk", "Schöneberg", "Seán")
    path = files.written(
        tmp_path, "\n".join(("Name;Ort", *(f"{name};Berlin" for name in names))), encoding="cp1252"
    )
    first, *others = reading.readings(path, languages=["de"])
    assert first.label == "Western European (Windows-1252)"
    assert {"Straße", "Seán"} <= set(first.sample.split(" · "))
    assert all(one.sample != first.sample for one in others)


def test_two_encodings_in_one_list_are_refused_and_chance_is_none(tmp_path):
    # The first letters of the first name are, in their old encoding, by chance also UTF-8.
    path = files.written(tmp_path, "Name;Town\nВіра;Вінниця\nІван;Київ\n", encoding="cp1251")
    assert [row.values[1] for row in reading.rows(path, languages=["uk"]).rows] == ["Вінниця", "Київ"]
    mixed = "Name\nЖанна\n".encode("cp1251") + "Zoë\n".encode()
    with pytest.raises(Refusal, match="Line 2 is written in another encoding"):
        reading.rows(files.written(tmp_path, mixed))


def test_an_encoding_goes_by_all_its_names_and_one_unknown_is_refused(tmp_path):
    for said, code in (
        ("windows-1251", "cp1251"),
        ("Shift_JIS", "cp932"),
        ("latin1", "latin-1"),
        ("UTF8", "utf-8"),
    ):
        assert code_of(said) == code
    for said in ("klingon", "rot13", "zip", "\0"):
        with pytest.raises(Refusal, match="is no encoding that is read here"):
            code_of(said)
    path = files.written(tmp_path, "Name;Ort\nŁucja;Łódź\n", encoding="utf-16")
    assert towns(path, encoding="cp1251") == "Łucja;Łódź"  # a mark at the beginning knows better
    with pytest.raises(Refusal, match="cannot be read as EUC-JP to its end"):
        list(reading.rows(files.written(tmp_path, b"Name\nZo\xff\n"), encoding="euc-jp").rows)


def test_where_no_letter_is_in_doubt_nothing_is_asked(tmp_path):
    assert reading.readings(files.written(tmp_path, "Name;Ort\nAda;Wien\n")) == []
    assert reading.readings(files.written(tmp_path, "Name;Ort\nZoë;Łódź\n", encoding="utf-8-sig")) == []
    first, *others = reading.readings(files.written(tmp_path, "Name;Ort\nZoë;Köln\n"))
    assert (first.code, first.sample) == ("utf-8", "Zoë · Köln")
    assert "utf-8" not in [one.code for one in others]


def test_the_letters_of_every_encoding_are_counted_as_they_are_made():
    counted = json.loads(make_letters.FILE.read_text(encoding="utf-8"))
    assert set(counted) == {language for one in ENCODINGS for language in one.languages}
    assert counted["et"] == make_letters.pairs("et")
    assert letters.framed("Ştefan") == "^ștefan$"
