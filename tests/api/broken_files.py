"""Files that an agency might send, or somebody who means no good: made by code, the same every time."""

import gzip
import json
import random
import struct
from collections.abc import Iterator
from typing import Any, NamedTuple

from tests.api.xlsx_files import members, packed, shared, sheet, sheet_of, xlsx

JSON, CSV = "application/json", "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS = [
    ["Reference", "Name", "E-mail", "NI No.", "Tags"],
    *(
        [f"R-{number}", f"Zoë Łandlady {number}", f"z{number}@post.example", f"AA{number:06d}A", "a;b"]
        for number in range(8)
    ),
]
TEXT = "\r\n".join(map(",".join, ROWS))
_PLAIN = TEXT.replace("ë", "e").replace("Ł", "L")
_ENCODINGS = (
    *("utf-8", "utf-8-sig", "utf-7", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"),
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1255", "cp1256", "cp1257", "cp437", "cp850", "cp037", "cp500"),
    *("iso8859-1", "iso8859-2", "iso8859-5", "iso8859-15", "mac-roman", "koi8-r", "shift_jis", "euc-jp", "gb18030"),
    *("big5", "euc-kr", "iso2022_jp", "hz"),
)


class Broken(NamedTuple):
    name: str
    kind: str
    body: bytes


def encodings() -> Iterator[Broken]:
    """Every encoding, as it is and as it is declared."""
    for name in _ENCODINGS:
        body = TEXT.encode(name, errors="ignore")
        yield Broken(name, CSV, body)
        yield Broken(f"{name}, declared", f"{CSV}; charset={name}", body)
        yield Broken(f"{name}, cut", CSV, body[:-1])


def texts() -> Iterator[Broken]:
    """Lines, quotes, cells and headers as they should not be."""
    head, rest = TEXT.split("\r\n", 1)
    odd = {
        "nothing": "",
        "a space": " ",
        "a mark": "\ufeff",
        "two marks": "\ufeff\ufeff" + TEXT,
        "only delimiters": ",,,,\n" * 20,
        "only quotes": '"' * 99,
        "a header alone": head,
        "no header": rest,
        "a header twice": f"{head}\n{TEXT}",
        "one column": "Reference\nR-1",
        "lone carriage returns": TEXT.replace("\r\n", "\r"),
        "every line end there is": "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029".join(TEXT.split("\r\n")),
        "a quote that is not closed": TEXT.replace("R-3", '"R-3'),
        "a quote in the midst": TEXT.replace("R-3", 'R"-3'),
        "a quote and more": TEXT.replace("R-3", '"R"-3'),
        "backslashes": TEXT.replace("R-3", 'R\\"-3\\,'),
        "a NUL": TEXT.replace("R-3", "R\0-3"),
        "control characters": TEXT.replace("Zoë", "Z\x1bo\x07ë\x7f"),
        "text that runs backwards": TEXT.replace("Zoë", "\u202eZoë\u2066"),
        "text of no width": TEXT.replace("Zoë", "\u200b\ufeff\u00ad"),
        "faces": TEXT.replace("Zoë", "\U0001f600" * 60),
        "marks upon marks": TEXT.replace("Zoë", "Z" + "\u0301" * 180),
        "short lines": TEXT.replace(",a;b", ""),
        "long lines": TEXT.replace(",a;b", ",a;b,c,d,e"),
        "ragged lines": "\n".join(",".join(line[: place % 6]) for place, line in enumerate(ROWS * 3)),
        "a huge cell": TEXT.replace("Zoë", "Z" * 40_000),
        "a gigantic cell": TEXT.replace("Zoë Łandlady 3", "Z" * 2_000_000),
        "a line without end": "a," * 1_000_000,
        "a hundred columns": ",".join(f"c{each}" for each in range(100)) + "\n" + TEXT,
        "too many columns": ",".join(f"c{each}" for each in range(101)) + "\n" + TEXT,
        "empty lines": "\n" * 50_000 + TEXT,
        "columns of one name": "Name,Name,Name,Reference\nA,B,C,R-1",
        "columns without a name": ",,,\nA,B,C,R-1",
        "a column with a number in it": TEXT.replace("Tags", "AA 12 34 56 A"),
        "a column of control characters": TEXT.replace("Tags", "T\x01gs"),
        "a name of a column without end": TEXT.replace("Tags", "T" * 5000),
        "formulas": TEXT.replace("R-", "=R-").replace("Zoë", "=cmd|' /C calc'!A0"),
        "markup": TEXT.replace("Zoë", "<script>alert(1)</script>"),
        "statements": TEXT.replace("Zoë", "'); DROP TABLE landlords_landlord; --"),
        "templates": TEXT.replace("Zoë", "{{7*7}}${7*7}%s%n{0.__class__}"),
        "a copy command's end": TEXT.replace("Zoë", "\\.").replace("R-3", "\\N"),
        "numbers for references": TEXT.replace("R-", "1e308"),
        "all the same reference": "Reference,Name\n" + "R-1,Zoe\n" * 50,
        "every delimiter at once": TEXT.replace(",", ",;\t|"),
        "a hint and nothing": "sep=",
        "a hint that lies": "sep=|\n" + TEXT,
    }
    for name, text in odd.items():
        yield Broken(name, CSV, text.encode())
    yield Broken("half a surrogate pair", CSV, TEXT.encode().replace("ë".encode(), b"\xed\xa0\x80"))
    yield Broken("longer bytes than needed", CSV, TEXT.encode().replace(b"R", b"\xc1\x92"))
    yield Broken("bytes of two encodings", CSV, TEXT.encode() + "\r\nR-9,Zoë".encode("cp1252"))
    for charset in ("", "x", "idna", "unicode_escape", "zlib", "base64", "utf-8; charset=utf-16", "\u00e9"):
        yield Broken(f"a charset {charset!r}", f"{CSV}; charset={charset}", TEXT.encode())


def others() -> Iterator[Broken]:
    """What is something else, whatever it is called."""
    for name, body in {
        "an old xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 2048,
        "a picture": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4,
        "a page": b"<!DOCTYPE html><html><table><tr><td>Reference</td></tr></table></html>",
        "a paper": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<</Type/Catalog>>\nendobj\n",
        "packed text": gzip.compress(TEXT.encode(), mtime=0),
        "packed zeros": gzip.compress(b"\0" * 10_000_000, mtime=0),
        "json": json.dumps({"landlords": [{"reference": "R-1"}]}).encode(),
    }.items():
        for kind in (CSV, XLSX):
            yield Broken(f"{name} as {kind[-5:]}", kind, body)
    chance = random.Random(1)
    for number in range(15):
        yield Broken(f"noise {number}", (CSV, XLSX)[number % 2], chance.randbytes(1 + number * 97))


def mutated() -> Iterator[Broken]:
    """Good files, changed at a few places or cut."""
    chance = random.Random(2)
    goods = {"text": TEXT.encode(), "shared": xlsx(ROWS), "in place": xlsx(ROWS, is_shared=False)}
    for name, good in goods.items():
        kind = CSV if name == "text" else XLSX
        for number in range(20):
            body = bytearray(good)
            for _ in range(1 + number % 4):
                body[chance.randrange(len(body))] = chance.randrange(256)
            yield Broken(f"{name}, changed {number}", kind, bytes(body))
        for number in range(12):
            yield Broken(f"{name}, cut {number}", kind, good[: len(good) * number // 12])


def workbooks() -> Iterator[Broken]:
    """XLSX files of any malice."""
    good = members({"S": sheet(ROWS)})
    path, book = "xl/worksheets/sheet1.xml", "xl/workbook.xml"
    lines = {
        "corners far apart": '<row><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        "a line at the end of all": '<row r="1048576"><c r="A1048576"><v>1</v></c><c r="B1048576"><v>1</v></c></row>',
        "a line beyond": '<row r="1048577"/>',
        "a line of no number": '<row r="-1"/>',
        "a line of a huge number": f'<row r="{"9" * 5000}"/>',
        "a line of letters in other digits": '<row r="\u0661"/>',
        "a cell of no place": '<row><c r="!!"><v>1</v></c></row>',
        "cells in disorder": '<row><c r="C1"><v>1</v></c><c r="A1"><v>1</v></c></row>',
        "a text that is not there": '<row><c t="s"><v>99999999999</v></c></row>',
        "a text of no number": '<row><c t="s"><v>x</v></c></row>',
        "kinds that are none": '<row><c t="zzz"><v>a</v></c><c t=""><v>b</v></c></row>',
        "an error": '<row><c t="e"><v>#REF!</v></c><c t="e"><v>#N/A</v></c></row>',
        "formulas without values": "<row><c><f>1+1</f></c><c><f>HYPERLINK(A1)</f></c></row>",
        "nothing": "",
        "empty lines": "<row/>" * 100_000,
        "cells within cells": "<row>" + "<c><v>" * 10 + "1" + "</v></c>" * 10 + "</row>",
        "depth": "<a>" * 5000 + "</a>" * 5000,
        "an attribute without end": f'<row spans="{"1" * 3_000_000}"/>',
        "many attributes": "<row " + " ".join(f'a{each}="1"' for each in range(5000)) + "/>",
        "unescaped": "<row><c><v>a & b</v></c></row>",
        "a character that XML has not": "<row><c><v>&#0;&#xD800;</v></c></row>",
        "a cell of many pieces": "<row><c t='inlineStr'><is>" + "<r><t>ab</t></r>" * 30_000 + "</is></c></row>",
        "escapes of Excel's own": "<row><c><v>_x0000_</v></c><c><v>_xD800_x</v></c></row>",
    }
    for name, line in lines.items():
        yield _xlsx(name, good | {path: sheet_of(line)})
        yield _xlsx(
            f"{name}, below a header",
            good | {path: sheet([["Ref", "Name"]]).replace("</sheetData>", f"{line}</sheetData>")},
        )
    yield _xlsx("laughs by the billion", good | {path: _laughs() + sheet([["&i;", "Name"]])})
    yield _xlsx(
        "another file's text", good | {path: '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>'}
    )
    yield _xlsx("a style sheet", good | {path: '<?xml-stylesheet href="http://localhost/x"?>' + good[path]})
    yield _xlsx("a bomb", good | {path: sheet(ROWS) + " " * (65 * 1024 * 1024)})
    yield _xlsx("one text a million times", members({"S": sheet_of(_repeated())}, texts=shared(["x" * 30_000])))
    yield _xlsx("a zip for a sheet", good | {path: xlsx(ROWS)})
    yield _xlsx("zips in zips", good | {path: packed({path: packed({path: xlsx(ROWS)})})})
    yield _xlsx("a zip beside", good | {"xl/embeddings/one.xlsx": xlsx(ROWS)})
    yield _xlsx("a thousand members", good | {f"xl/{each}": "" for each in range(1100)})
    yield _xlsx(
        "a sheet out of the package",
        good
        | {"xl/_rels/workbook.xml.rels": good["xl/_rels/workbook.xml.rels"].replace("worksheets/", "../../../../etc/")},
    )
    yield _xlsx(
        "a sheet at an address",
        good
        | {
            "xl/_rels/workbook.xml.rels": good["xl/_rels/workbook.xml.rels"].replace("worksheets/", "http://localhost/")
        },
    )
    yield _xlsx(
        "a sheet that is its own book",
        good
        | {
            "xl/_rels/workbook.xml.rels": good["xl/_rels/workbook.xml.rels"].replace(
                "worksheets/sheet1.xml", "workbook.xml"
            )
        },
    )
    yield _xlsx("a book that is no book", good | {book: "<a/>"})
    yield _xlsx("a book that is text", good | {book: "Reference,Name"})
    yield _xlsx(
        "XML of another encoding",
        good | {path: '<?xml version="1.0" encoding="utf-16"?>'.encode("utf-16") + good[path].encode("utf-16-le")},
    )
    yield _xlsx("XML of no encoding", good | {path: '<?xml version="1.0" encoding="x-nothing"?>' + good[path]})
    yield _xlsx("XML of a codec that is none", good | {path: '<?xml version="1.0" encoding="zlib"?>' + good[path]})
    whole = xlsx(ROWS)
    yield Broken("it lies about its size", XLSX, _lying(whole))
    yield Broken(
        "it says that it is locked",
        XLSX,
        whole.replace(b"PK\1\2\x14\x03\x14\x00\x00\x00", b"PK\1\2\x14\x03\x14\x00\x01\x00"),
    )
    yield Broken("twice one after the other", XLSX, whole + whole)
    yield Broken("with text before it", XLSX, b"PK\3\4 no zip " + whole)
    yield Broken("a directory alone", XLSX, b"PK\5\6" + b"\0" * 18)
    yield Broken("a directory that is elsewhere", XLSX, b"PK\3\4" + b"PK\5\6" + b"\0" * 8 + b"\xff" * 8 + b"\0\0")


def objects() -> Iterator[Broken]:
    """JSON whose rows are anything."""
    odd: dict[str, str] = {
        "deep": '{"landlords": [{"reference": ' + "[" * 50_000 + "]" * 50_000 + "}]}",
        "less deep": '{"landlords": [{"reference": ' + "[" * 300 + "]" * 300 + "}]}",
        "deep objects": '{"landlords": [{"external_ids": ' + '{"a": ' * 300 + "1" + "}" * 300 + "}]}",
        "a NUL": '{"landlords": [{"reference": "R\\u0000", "full_name": "Z"}]}',
        "a NUL in a name": '{"landlords": [{"re\\u0000ference": "R", "full_name": "Z"}]}',
        "half a surrogate pair": '{"landlords": [{"reference": "R\\ud800", "full_name": "Z"}]}',
        "half a pair in a name": '{"landlords": [{"r\\udfffef": "R", "full_name": "Z"}]}',
        "no number": '{"landlords": [{"reference": NaN, "full_name": Infinity}]}',
        "a number without end": '{"landlords": [{"reference": ' + "9" * 5000 + ', "full_name": 1e999999}]}',
        "a large number": '{"landlords": [{"reference": ' + "9" * 400 + ', "full_name": 1.5e300}]}',
        "a name twice": '{"landlords": [{"reference": "a", "reference": "b"}]}',
        "a name without end": '{"landlords": [{"' + "n" * 100_000 + '": "a", "full_name": "Z"}]}',
        "names of nothing": '{"landlords": [{"": "a", " ": "b", "full_name": "Z"}]}',
        "a number for a name": '{"landlords": [{"AA123456A": "a", "full_name": "Z"}]}',
        "many names": json.dumps({"landlords": [{f"n{each}": 1} for each in range(200)]}),
        "cut": '{"landlords": [{"reference": "R',
        "rows of rows": '{"landlords": [[{"reference": "R"}]]}',
        "rows of nothing": '{"landlords": [{}, {}, {}]}',
        "no rows": '{"landlords": []}',
        "an object of rows": '{"landlords": {"0": {}}}',
        "more beside": '{"landlords": [{"reference": "R", "full_name": "Z"}], "admin": true}',
        "a mapping of anything": '{"landlords": [{"a": "R", "b": "Z"}], "mapping": {"a": {"b": 1}}}',
        "a mapping to itself": '{"landlords": [{"a": "R", "b": "Z"}], "mapping": {"a": "mapping"}}',
        "a mapping of one field twice": '{"landlords": [{"a": "R", "b": "Z"}], "mapping": {"a": "nino", "b": "nino"}}',
        "a dry run of words": '{"landlords": [{"reference": "R"}], "dry_run": "perhaps"}',
    }
    for name, text in odd.items():
        yield Broken(name, JSON, text.encode())
    values: list[Any] = [
        None,
        True,
        0,
        -1,
        1.5,
        "",
        " ",
        "x" * 300,
        [],
        [[]],
        [None],
        ["a", 1],
        {},
        {"a": None},
        {"a": "b" * 300},
    ]
    for place, value in enumerate(values):
        row = dict.fromkeys(("reference", "full_name", "email", "nino", "tags", "external_ids"), value)
        yield Broken(f"everything is {place}", JSON, json.dumps({"landlords": [row, {"nino": value}]}).encode())


def every() -> list[Broken]:
    return [*encodings(), *texts(), *others(), *mutated(), *workbooks(), *objects()]


def _xlsx(name: str, parts: dict[str, str | bytes] | dict[str, str]) -> Broken:
    return Broken(name, XLSX, packed(dict(parts)))


def _repeated() -> str:
    return '<row><c t="s"><v>0</v></c><c t="s"><v>0</v></c></row>' * 700


def _laughs() -> str:
    entities = "".join(f'<!ENTITY {chr(98 + each)} "{f"&{chr(97 + each)};" * 10}">' for each in range(8))
    return f'<!DOCTYPE a [<!ENTITY a "ha">{entities}]>'


def _lying(whole: bytes) -> bytes:
    """Its directory says that each member is of one byte."""
    body, place = bytearray(whole), -1
    while (place := whole.find(b"PK\1\2", place + 1)) >= 0:
        struct.pack_into("<I", body, place + 24, 1)
    return bytes(body)
