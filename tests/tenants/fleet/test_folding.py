"""What a history says of a table is said when the table is made, where that is the same."""

import pytest

from tenants.fleet.folding import folded


def _made(*lines: str, table: str = "pet") -> str:
    return f'CREATE TABLE "{table}" ({", ".join(lines)});\n'


_ID = '"id" uuid NOT NULL PRIMARY KEY'
_NAME = '"name" varchar(20) NOT NULL UNIQUE'
_CHECK = 'CONSTRAINT "c" CHECK (("name" <> \'a, b;\'))'
_PET = _made(_ID, _NAME, _CHECK)
_FOOD = _made(_ID, table="food")
_REFERENCE = 'CONSTRAINT "r" REFERENCES "food"("id") DEFERRABLE INITIALLY DEFERRED'


@pytest.mark.parametrize(
    ("change", "lines"),
    [
        ('ADD COLUMN "x" text NULL CHECK ("x" > 0)', (_ID, _NAME, '"x" text NULL CHECK ("x" > 0)', _CHECK)),
        ('ADD CONSTRAINT "u" UNIQUE ("id", "name")', (_ID, _NAME, _CHECK, 'CONSTRAINT "u" UNIQUE ("id", "name")')),
        ('ALTER COLUMN "id" TYPE varchar(36)', ('"id" varchar(36) NOT NULL PRIMARY KEY', _NAME, _CHECK)),
        ('ALTER COLUMN "name" DROP NOT NULL', (_ID, '"name" varchar(20) NULL UNIQUE', _CHECK)),
        ('DROP CONSTRAINT "c"', (_ID, _NAME)),
        ('DROP CONSTRAINT "pet_name_key"', (_ID, '"name" varchar(20) NOT NULL', _CHECK)),
        ('DROP COLUMN "name" CASCADE', (_ID,)),
        ('DROP CONSTRAINT "c", ALTER COLUMN "name" DROP NOT NULL', (_ID, '"name" varchar(20) NULL UNIQUE')),
    ],
)  # fmt: skip
def test_a_change_is_part_of_the_table(change: str, lines: tuple[str, ...]) -> None:
    assert folded(f'{_PET}{_FOOD}ALTER TABLE "pet" {change};\n') == _made(*lines) + _FOOD


@pytest.mark.parametrize("default", ["'a''b, c'::jsonb", "0", "-1.5", "now()", "true"])
def test_a_default_for_rows_that_are_not_there_is_left_out(default: str) -> None:
    column = f'"x" timestamp with time zone DEFAULT {default} NOT NULL CHECK ("x" > 0)'
    said = f'{_PET}ALTER TABLE "pet" ADD COLUMN {column};\nALTER TABLE "pet" ALTER COLUMN "x" DROP DEFAULT;\n'

    assert folded(said) == _made(_ID, _NAME, '"x" timestamp with time zone NOT NULL CHECK ("x" > 0)', _CHECK)


def test_a_column_may_come_to_hold_something_always() -> None:
    said = f'{_PET}ALTER TABLE "pet" ADD COLUMN "x" text NULL;\nALTER TABLE "pet" ALTER COLUMN "x" SET NOT NULL;\n'

    assert folded(said) == _made(_ID, _NAME, '"x" text NOT NULL', _CHECK)


class TestAReference:
    def test_is_part_of_a_table_that_comes_later(self) -> None:
        said = f'{_FOOD}{_PET}ALTER TABLE "pet" ADD COLUMN "food_id" uuid NULL {_REFERENCE};\n'

        assert folded(said) == _FOOD + _made(_ID, _NAME, f'"food_id" uuid NULL {_REFERENCE}', _CHECK)

    def test_is_let_go(self) -> None:
        said = f'{_FOOD}{_PET}ALTER TABLE "pet" ADD COLUMN "food_id" uuid NULL {_REFERENCE};\n'

        gone = f'{said}SET CONSTRAINTS "r" IMMEDIATE; ALTER TABLE "pet" DROP CONSTRAINT "r";\n'

        assert folded(gone) == _FOOD + _made(_ID, _NAME, '"food_id" uuid NULL', _CHECK)

    def test_to_the_table_itself_is_part_of_it(self) -> None:
        line = 'CONSTRAINT "r" FOREIGN KEY ("name") REFERENCES "pet" ("name")'

        assert folded(f'{_PET}ALTER TABLE "pet" ADD {line};\n') == _made(_ID, _NAME, _CHECK, line)

    def test_to_a_table_that_comes_later_is_made_later_and_closes_only_the_one_that_has_it(self) -> None:
        reference = f'ALTER TABLE "pet" ADD COLUMN "food_id" uuid NULL {_REFERENCE};\n'
        more = 'ALTER TABLE "{}" ADD COLUMN "x" text NULL;\n'
        said = _PET + _FOOD + reference + more.format("pet") + more.format("food")

        assert folded(said) == _PET + _made(_ID, '"x" text NULL', table="food") + reference + more.format("pet")


class TestAnIndex:
    index = 'CREATE UNIQUE INDEX "i" ON "pet" ("name") WHERE "id" IS NOT NULL;\n'

    def test_that_is_dropped_is_not_made(self) -> None:
        assert folded(f'{_PET}{self.index}{_FOOD}DROP INDEX IF EXISTS "i";\n') == _PET + _FOOD

    def test_that_nothing_can_need_is_not_made_whatever_was_said_since(self) -> None:
        ask = "UPDATE pet SET id = id;\n"
        made = 'CREATE INDEX "i" ON "pet" ("name");\n'

        assert folded(f'{_PET}{made}{ask}DROP INDEX IF EXISTS "i";\n') == _PET + ask
        assert folded(f'{_PET}{ask}DROP INDEX IF EXISTS "j";\n') == f'{_PET}{ask}DROP INDEX IF EXISTS "j";\n'

    @pytest.mark.parametrize("column", ["id", "name"])
    def test_is_not_made_for_a_column_that_is_dropped(self, column: str) -> None:
        said = f'{_PET}{self.index}ALTER TABLE "pet" DROP COLUMN "{column}" CASCADE;\n'

        assert "INDEX" not in folded(said)

    @pytest.mark.parametrize("column", ["id", "name"])
    def test_whose_words_postgresql_says_anew_with_a_type_keeps_the_type_from_being_folded(self, column: str) -> None:
        said = f'{_FOOD}{_made(_ID, _NAME)}{self.index}ALTER TABLE "pet" ALTER COLUMN "{column}" TYPE varchar(9);\n'

        assert folded(said) == said


def test_a_check_keeps_a_type_from_being_folded_as_well() -> None:
    said = f'{_PET}ALTER TABLE "pet" ALTER COLUMN "name" TYPE varchar(9);\n'

    assert folded(said) == said


@pytest.mark.parametrize(
    "change",
    [
        'RENAME COLUMN "name" TO "called"',
        'ADD CONSTRAINT "u" CHECK ("id" <> "id") NOT VALID',
        'ALTER COLUMN "name" TYPE text USING "name"::text',
        'ALTER COLUMN "name" DROP DEFAULT',
        'ALTER COLUMN "called" DROP NOT NULL',
        'DROP CONSTRAINT "unknown"',
        'ADD COLUMN "x" text NULL, SET UNLOGGED',
    ],
)
def test_what_cannot_be_folded_is_said_in_its_place_with_all_that_follows(change: str) -> None:
    index = 'CREATE UNIQUE INDEX "i" ON "pet" ("id");\n'
    rest = f'ALTER TABLE "pet" {change};\nALTER TABLE "pet" ADD COLUMN "y" text NULL;\nDROP INDEX IF EXISTS "i";\n'

    assert folded(_PET + index + rest) == _PET + index + rest


def test_what_rows_are_asked_for_is_asked_of_the_table_as_it_was() -> None:
    ask = "UPDATE public.agency SET x = name FROM pet WHERE x = '\"food\";';\n"
    pet, more = (f'ALTER TABLE "{name}" ADD COLUMN "x" text NULL;\n' for name in ("pet", "other"))
    other = _made(_ID, table="other")

    assert folded(_PET + other + ask + pet + more) == _PET + _made(_ID, '"x" text NULL', table="other") + ask + pet


@pytest.mark.parametrize("made", ["CREATE TYPE mood AS ENUM ('a')", "-- a word\nUPDATE x SET y = 1", "SELECT make()"])
def test_nothing_is_moved_to_before_what_may_make_anything(made: str) -> None:
    rest = f'{made};\nALTER TABLE "pet" ADD COLUMN "mood" mood NULL;\n'

    assert folded(_PET + rest) == _PET + rest


@pytest.mark.parametrize(
    "text", ["DO $x$ BEGIN; END; $x$", "SELECT 1 -- so; (\n", "SELECT /* ; */ 1", "SELECT ';' || \"a;\""]
)
def test_a_statement_ends_at_its_end(text: str) -> None:
    assert folded(f"{text};\n{_PET}") == f"{text};\n{_PET}"


def test_constraints_are_not_asked_about_rows_that_are_not_there() -> None:
    assert folded(f"{_PET}SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED;\n") == _PET
