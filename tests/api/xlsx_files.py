"""XLSX files, made by hand: as they should be, and as they should not."""

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from xml.sax.saxutils import escape

from api.outputs.imports import letters

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
_RELATION = '<Relationship Id="{}" Type="' + _REL + '/{}" Target="{}"/>'


def sheet(rows: Iterable[Sequence[str]], *, texts: list[str] | None = None) -> str:
    """A worksheet with its texts in place; or shared, in the list that is given."""
    lines = []
    for number, cells in enumerate(rows, start=1):
        made = (_cell(f"{letters(place)}{number}", cell, texts) for place, cell in enumerate(cells) if cell)
        lines.append(f'<row r="{number}">{"".join(made)}</row>')
    return sheet_of("".join(lines))


def sheet_of(lines: str) -> str:
    return f'<worksheet xmlns="{MAIN}"><sheetData>{lines}</sheetData></worksheet>'


def shared(texts: Iterable[str]) -> str:
    return f'<sst xmlns="{MAIN}">{"".join(f"<si><t>{escape(text)}</t></si>" for text in texts)}</sst>'


def members(sheets: Mapping[str, str], *, texts: str = "", hidden: Sequence[str] = ()) -> dict[str, str]:
    """The members of a workbook with these sheets."""
    named = list(sheets)
    listed = "".join(
        f'<sheet name="{escape(name)}" sheetId="{place}" r:id="rId{place}"'
        + (' state="hidden"/>' if name in hidden else "/>")
        for place, name in enumerate(named, start=1)
    )
    relations = [
        _RELATION.format(f"rId{place}", "worksheet", f"worksheets/sheet{place}.xml")
        for place in range(1, len(named) + 1)
    ]
    relations += [_RELATION.format("rIdT", "sharedStrings", "/xl/sharedStrings.xml")] if texts else []
    found = {
        "_rels/.rels": _RELS.format(_RELATION.format("rId1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{_REL}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _RELS.format("".join(relations)),
    }
    found |= {f"xl/worksheets/sheet{place}.xml": sheets[name] for place, name in enumerate(named, start=1)}
    return found | ({"xl/sharedStrings.xml": texts} if texts else {})


def packed(parts: Mapping[str, str | bytes], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()


def xlsx(rows: Iterable[Sequence[str]], *, is_shared: bool = True) -> bytes:
    """A workbook of one sheet, as Excel writes it."""
    texts: list[str] = []
    made = sheet(rows, texts=texts if is_shared else None)
    return packed(members({"Landlords": made}, texts=shared(texts) if is_shared else ""))


def _cell(at: str, text: str, texts: list[str] | None) -> str:
    if texts is None:
        return f'<c r="{at}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'
    texts.append(text)
    return f'<c r="{at}" t="s"><v>{len(texts) - 1}</v></c>'
