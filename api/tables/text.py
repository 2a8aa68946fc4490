"""Comma-separated values in any common encoding: what is declared holds, and else what the bytes look like."""

import codecs
import csv
import io
from collections.abc import Iterator

from api.errors import UnreadableFile
from api.tables.grid import Line

_DELIMITERS = ",;\t|"
_SAMPLE = 64 * 1024
_LINES = 20
_MARKS = {  # the longest first: UTF-32's begins as UTF-16's does
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
# What may be declared as charset, by the names that Python gives them.
_KNOWN = {
    *("utf-8", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "ascii"),
    *("iso8859-1", "iso8859-15", "cp1252", "cp1250", "cp850", "cp437", "mac-roman"),
}


def encoding_of(body: bytes, *, declared: str = "") -> str:
    """The encoding in which every byte of it can be read. Raises UnreadableFile."""
    marked = next((name for mark, name in _MARKS.items() if body.startswith(mark)), "")
    candidates = [marked] if marked else [_named(declared)] if declared else list(_guesses(body))
    found = next((name for name in candidates if _reads(body, name)), None)
    if found is None:
        raise UnreadableFile(f"It is not {candidates[0]} from beginning to end.")
    return found


def lines(body: bytes, *, encoding: str, delimiter: str) -> Iterator[Line]:
    """Every line of the file. Raises UnreadableFile where one can't be read."""
    reader = csv.reader(_opened(body, encoding), delimiter=delimiter, strict=True)
    number = 1
    try:
        for number, cells in enumerate(reader, start=1):
            if not (number == 1 and _is_hint(cells, delimiter)):
                yield number, cells
    except csv.Error:
        said = f"From row {number} on: a quote that is not closed or stands where none may, or a cell without end."
        raise UnreadableFile(said) from None


def delimiter_of(body: bytes, encoding: str) -> str:
    """Whichever cuts the first lines into the most cells, and as many in one as in another."""
    sample = _opened(body[:_SAMPLE], encoding, errors="ignore").read()
    first = sample.partition("\n")[0].strip()
    if first.lower().startswith("sep=") and first[4:] in tuple(_DELIMITERS):
        return first[4:]
    return max(_DELIMITERS, key=lambda delimiter: _fit(sample, delimiter))


def _fit(sample: str, delimiter: str) -> tuple[int, int]:
    counts: list[int] = []
    for cells in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter):
        counts += [len(cells)] if any(cells) else []
        if len(counts) == _LINES:
            break
    usual = max(set(counts), key=lambda many: (counts.count(many), many), default=1)
    return (counts.count(usual) if usual > 1 else 0), usual


def _is_hint(cells: list[str], delimiter: str) -> bool:
    """Excel's own first line: sep=;."""
    return cells[0].lower() in {"sep=", f"sep={delimiter}"} if cells else False


def _guesses(body: bytes) -> Iterator[str]:
    # Half of the bytes of ASCII in UTF-16 are NULs, and no other encoding has any.
    sample = body[:_SAMPLE]
    if b"\0" in sample:
        yield "utf-16-be" if sample[::2].count(0) > sample[1::2].count(0) else "utf-16-le"
        return
    yield from ("utf-8", "cp1252", "mac-roman")


def _named(declared: str) -> str:
    try:
        name = codecs.lookup(declared).name
    except (LookupError, ValueError):
        name = ""
    if name not in _KNOWN:
        raise UnreadableFile(f"This charset is not known here; known are {', '.join(sorted(_KNOWN))}.")
    return name


def _reads(body: bytes, encoding: str) -> bool:
    """Whether all of it is text in this encoding."""
    decoder, step = codecs.getincrementaldecoder(encoding)(), 1024 * 1024
    try:
        for start in range(0, len(body), step):
            if "\0" in decoder.decode(body[start : start + step]):
                return False
        return "\0" not in decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False


def _opened(body: bytes, encoding: str, *, errors: str = "strict") -> io.TextIOWrapper:
    # As a stream: a whole text of wide characters would take four times its bytes.
    return io.TextIOWrapper(io.BytesIO(body), encoding=encoding, errors=errors, newline="")
