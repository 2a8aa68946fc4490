"""What a file says, whatever its encoding, delimiter or format, cell by cell."""

import zipfile
from typing import Any

import pytest

from api.errors import UnreadableFile
from api.outputs.imports import letters
from api.tables import Sheet, read_file, read_objects
from tenants.faults import Fault, Invalid
from tests.api.xlsx_files import MAIN, members, packed, shared, sheet, sheet_of, xlsx

ROWS = [["Reference", "Name", "E-mail"], ["R-1", "Zoë Łuczak", "zoe@post.example"], ["R-2", "Otto", ""]]
CSV = "Reference,Name\r\nR-1,Zoë\r\n"


def cells(found: Sheet) -> list[list[Any]]:
    return [list(found.headers), *(list(row.cells) for row in found.rows)]


def numbers(found: Sheet) -> list[int]:
    return [row.number for row in found.rows]


def code_of(body: bytes, **more: str) -> str:
    with pytest.raises(Fault) as refused:
        cells(read_file(body, **more))
    fault = refused.value
    return fault.errors[0].code if isinstance(fault, Invalid) else fault.code


class TestText:
    @pytest.mark.parametrize(
        ("encoding", "mark", "found"),
        [
            ("utf-8", b"", "utf-8"),
            ("utf-8-sig", b"", "utf-8-sig"),
            ("utf-16", b"", "utf-16"),
            ("utf-16-le", b"", "utf-16-le"),
            ("utf-16-be", b"", "utf-16-be"),
            ("utf-16-be", b"\xfe\xff", "utf-16"),
            ("utf-32", b"", "utf-32"),
            ("cp1252", b"", "cp1252"),
        ],
        ids=str,
    )
    def test_is_read_in_any_common_encoding(self, encoding: str, mark: bytes, found: str) -> None:
        read = read_file(mark + CSV.encode(encoding))

        assert (cells(read), read.reading["encoding"]) == ([["Reference", "Name"], ["R-1", "Zoë"]], found)

    def test_that_windows_never_wrote_is_an_old_macs(self) -> None:
        read = read_file("Reference,Name\rR-1,Zoë é ç ü ê å\r".encode("mac-roman"))

        assert (cells(read)[1][1], read.reading["encoding"]) == ("Zoë é ç ü ê å", "mac-roman")

    def test_is_read_as_its_sender_says(self) -> None:
        body = "Reference,Name\nR-1,Łuczak\n".encode("cp1250")

        assert cells(read_file(body, charset="windows-1250"))[1] == ["R-1", "Łuczak"]
        assert code_of(body, charset="utf-8") == "import.unreadable"
        assert [code_of(body, charset=name) for name in ("rot13", "punycode", "x\0y", "utf-7")] == [
            "import.unreadable"
        ] * 4

    @pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
    def test_is_cut_by_whatever_cuts_it_best(self, delimiter: str) -> None:
        lines = [["Reference", "Name", "Tags"], ["R-1", "Zoë", "a, b; c"], ["R-2", "Otto", "d, e"]]
        body = "\n".join(
            delimiter.join(f'"{cell}"' if set(cell) & set(",;") else cell for cell in line) for line in lines
        )

        read = read_file(body.encode())

        assert (cells(read), read.reading["delimiter"]) == (lines, delimiter)

    def test_says_itself_what_cuts_it(self) -> None:
        read = read_file(b"sep=;\r\nReference;Name, in full\r\nR-1;Zoe, A\r\n")

        assert (cells(read), read.reading["delimiter"]) == ([["Reference", "Name, in full"], ["R-1", "Zoe, A"]], ";")

    def test_is_numbered_as_a_spreadsheet_numbers_it(self) -> None:
        read = read_file(b'Landlords 2026\n\nReference,Name\nR-1,"Zoe\nAnna"\n,,\n\nR-2,Otto\n')

        rows = list(read.rows)
        assert [row.number for row in rows] == [4, 7]
        assert rows[0].cells == ["R-1", "Zoe Anna"]

    def test_may_have_lines_of_any_length(self) -> None:
        assert cells(read_file(b"a,b,c\n1\n1,2,3,4\n1,2,,,,\n")) == [
            ["a", "b", "c"],
            ["1"],
            ["1", "2", "3", "4"],
            ["1", "2"],
        ]

    @pytest.mark.parametrize(
        ("body", "code"),
        [
            (b"", "header_missing"),
            (b"\n\n\n", "header_missing"),
            (b"Reference\nR-1\n", "header_missing"),
            (b"Reference,Name\nR-1,\0\n", "import.unreadable"),
            (b'Reference,Name\nR-1,"Zoe\n', "import.unreadable"),
            (b'Reference,Name\nR-1,"Zo"e\n', "import.unreadable"),
            (b"Reference,Name\nR-1," + b"x" * 40_000, "cell_too_long"),
            (b"Reference,Name\nR-1," + b"x" * 140_000, "import.unreadable"),
            (b"a,b\n" + "\u00e9".encode("utf-16-le") * 140_000, "import.unreadable"),
            (b"," * 100 + b"a,b\n", "column_count"),
            (b"\xff\xfe" + b"a", "import.unreadable"),
            (b"\xef\xbb\xbf\xff", "import.unreadable"),
            (b"a\0\0,\0", "import.unreadable"),
        ],
        ids=lambda value: str(value)[:30],
    )
    def test_is_refused_with_a_reason(self, body: bytes, code: str) -> None:
        assert code_of(body) == code

    def test_has_no_more_characters_than_can_be_held(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("api.tables.grid.MOST_TEXT", 20)

        assert code_of(b"Reference,Name\nR-1,Zoe Zoe Zoe\n") == "too_much_inside"


class TestXlsx:
    @pytest.mark.parametrize("is_shared", [True, False])
    def test_says_what_the_spreadsheet_shows(self, is_shared: bool) -> None:
        read = read_file(xlsx(ROWS, is_shared=is_shared))

        assert (cells(read), read.format) == ([ROWS[0], ROWS[1], ["R-2", "Otto"]], "xlsx")
        assert read.reading == {"sheet": "Landlords"}

    def test_of_numbers_formulas_and_gaps_is_text(self) -> None:
        lines = (
            '<row><c t="inlineStr"><is><t>Ref</t></is></c><c t="inlineStr"><is><r><t>Na</t></r><r><t>me</t></r>'
            "<rPh><t>spoken</t></rPh></is></c><c/></row>"
            '<row r="7"><c r="A7"><v>12345678901</v></c><c r="B7" t="str"><f>A1&amp;"x"</f><v>Worked out</v></c>'
            '<c r="D7" t="b"><v>1</v></c><c r="F7" t="e"><v>#N/A</v></c><c r="G7" t="s"/></row><row r="8"/>'
        )

        read = read_file(packed(members({"S": sheet_of(lines)})))

        rows = list(read.rows)
        assert list(read.headers) == ["Ref", "Name"]
        assert (rows[0].number, rows[0].cells) == (7, ["12345678901", "Worked out", "", "TRUE", "", "#N/A"])

    def test_is_its_first_sheet_that_is_shown_or_the_one_that_is_named(self) -> None:
        sheets = {name: sheet([["Ref", "Name"], ["1", name]]) for name in ("Hidden", "First", "Second")}
        body = packed(members(sheets, hidden=["Hidden"]))

        assert [cells(read_file(body, sheet=name))[1][1] for name in ("", "Second")] == ["First", "Second"]
        assert [code_of(body, sheet=name) for name in ("Hidden", "Third")] == ["invalid_choice"] * 2

    def test_may_be_stored_and_strict(self) -> None:
        parts = members({"S": sheet([["Ref", "Name"], ["1", "Zoe"]])})
        strict = {
            name: text.replace(MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main") for name, text in parts.items()
        }

        assert cells(read_file(packed(strict, method=zipfile.ZIP_STORED)))[1] == ["1", "Zoe"]

    @pytest.mark.parametrize(
        ("line", "code"),
        [
            ('<row r="2"/><row r="2"/>', "import.unreadable"),
            ('<row r="x"/>', "import.unreadable"),
            ('<row r="1048577"/>', "import.unreadable"),
            ('<row r="99999999999999999999"/>', "import.unreadable"),
            ('<row><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>', "import.unreadable"),
            ('<row><c r="1A"><v>1</v></c></row>', "import.unreadable"),
            ('<row><c r="XFD1"><v>1</v></c></row>', "column_count"),
            ('<row><c t="s"><v>0</v></c></row>', "import.unreadable"),
            ('<row><c t="s"><v>-1</v></c></row>', "import.unreadable"),
            ("<a>" * 40 + "</a>" * 40, "too_much_inside"),
            ("<row><c>", "import.unreadable"),
            (
                '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
                "column_count",
            ),
        ],
    )
    def test_with_a_sheet_that_can_not_be_is_refused(self, line: str, code: str) -> None:
        assert code_of(packed(members({"S": sheet_of(line)}))) == code

    @pytest.mark.parametrize(
        "missing", ["_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml"]
    )
    def test_without_one_of_its_members_is_refused(self, missing: str) -> None:
        parts = members({"S": sheet(ROWS)})

        assert code_of(packed({name: text for name, text in parts.items() if name != missing})) == "import.unreadable"

    def test_that_declares_a_document_type_is_refused(self) -> None:
        bomb = '<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>' + sheet(ROWS).replace("Otto", "&b;")

        assert code_of(packed(members({"S": bomb}))) == "import.unreadable"

    @pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
    def test_that_is_packed_in_an_unusual_way_is_refused(self, method: int) -> None:
        assert code_of(packed(members({"S": sheet(ROWS)}), method=method)) == "import.unreadable"

    def test_that_unpacks_to_too_much_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("api.tables.package.MOST_INSIDE", 100_000)

        assert code_of(packed(members({"S": sheet([["a", "b"]]) + " " * 200_000}))) == "too_much_inside"
        assert (
            code_of(packed(members({"S": sheet(ROWS)}) | {f"x{each}": "" for each in range(1000)})) == "too_much_inside"
        )

    def test_with_too_many_elements_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("api.tables.xml.MOST_ELEMENTS", 100)

        assert code_of(packed(members({"S": sheet_of("<row/>" * 100)}))) == "too_much_inside"

    def test_that_is_an_old_xls_or_locked_or_no_zip_is_refused(self) -> None:
        for body in (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, b"PK\3\4nothing", b"PK\5\6" + b"\0" * 18):
            assert code_of(body) == "import.unreadable"

    def test_without_a_sheet_that_is_shown_is_refused(self) -> None:
        assert code_of(packed(members({"S": sheet(ROWS)}, hidden=["S"]))) == "import.unreadable"

    def test_whose_bytes_were_changed_is_refused(self) -> None:
        body = bytearray(xlsx(ROWS))
        place = body.index(b"xl/worksheets/sheet1.xml") + 40
        body[place] ^= 0xFF

        assert code_of(bytes(body)) == "import.unreadable"

    def test_shares_texts_that_are_said_twice(self) -> None:
        parts = members(
            {"S": sheet_of('<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row>')}, texts=shared(["a", "b"])
        )

        assert list(read_file(packed(parts)).headers) == ["a", "b"]


class TestObjects:
    def test_have_a_column_for_every_name(self) -> None:
        read = read_objects([{"reference": "R-1", "tags": ["a"]}, {}, {"nino": None, " a\n b ": {"c": "d"}}])

        rows = list(read.rows)
        assert list(read.headers) == ["reference", "tags", "nino", "a b"]
        assert [(row.number, row.cells) for row in rows] == [
            (1, ["R-1", ["a"], None, None]),
            (3, [None, None, None, {"c": "d"}]),
        ]

    def test_are_not_read_deeper_than_anything_is_kept(self) -> None:
        assert next(iter(read_objects([{"a": [[1]], "b": {"c": {}}, "d": [1]}]).rows)).cells == [[None], [None], [1]]

    @pytest.mark.parametrize("objects", [[{}], [{f"n{each}": 1 for each in range(101)}]], ids=["nothing", "too much"])
    def test_have_some_names_and_not_too_many(self, objects: Any) -> None:
        with pytest.raises(Invalid):
            read_objects(objects)


@pytest.mark.parametrize(("place", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_columns_are_called_as_spreadsheets_call_them(place: int, name: str) -> None:
    assert letters(place) == name


def test_a_file_says_no_more_than_it_must_when_it_is_refused() -> None:
    with pytest.raises(UnreadableFile) as refused:
        cells(read_file(b'Reference,Name\nR-1,"AA123456A\n'))

    assert "AA123456A" not in refused.value.detail
