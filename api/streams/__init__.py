"""Operations as they change, told to many who watch (docs/streams.md)."""
