"""A file of rows, whatever its format: what it holds as text, cell by cell, and nothing of it is worked out."""

from api.tables.grid import Sheet
from api.tables.reading import read_file, read_objects

__all__ = ["Sheet", "read_file", "read_objects"]
