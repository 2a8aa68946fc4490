"""The refresh protocol of docs/refresh.md, checked exhaustively, and then driven against the real code."""
