from leaving.models.export import Export, ExportPart

__all__ = ["Export", "ExportPart"]
