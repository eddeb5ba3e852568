"""`[theme]` of the manifest as typed models, and what every table of the manifest is."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from publisher.model.papers import Paper
from publisher.writers.colors import hexadecimal, rgb
from publisher.writers.house_themes import in_millimeters


class Table(BaseModel):
    """A table of the manifest: an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)  # a table in others is built with them


class FontTable(Table):
    """What a role is set in: font files, or, under `regular` alone, a font family of the theme."""

    regular: str = Field(min_length=1)
    bold: str = ""
    italic: str = ""
    bold_italic: str = ""

    @model_validator(mode="before")
    @classmethod
    def _regular(cls, value: Any) -> Any:
        if not isinstance(value, str | dict):
            raise ValueError("must be a font family, a font file, or a table of font files")
        return {"regular": value} if isinstance(value, str) else value


class FontsTable(Table):
    text: FontTable | None = None
    display: FontTable | None = None
    label: FontTable | None = None
    code: FontTable | None = None


class MarginsTable(Table):
    """Lengths; start is the side where lines begin."""

    top: str = ""
    end: str = ""
    bottom: str = ""
    start: str = ""

    @field_validator("*")
    @classmethod
    def _length(cls, value: str) -> str:
        if in_millimeters(value) is None:
            raise ValueError('must be a length such as "20mm": a number and mm, cm, in or pt')
        return value


class ThemeTable(Table):
    """`[theme]`: what the house changes in a theme, for all outputs."""

    name: str = ""
    accent: str = ""
    fonts: FontsTable = FontsTable()
    paper: Paper | None = None
    margins: MarginsTable = MarginsTable()

    @field_validator("accent")
    @classmethod
    def _color(cls, value: str) -> str:
        color = rgb(value)
        if color is None:
            raise ValueError('must be an opaque color such as "#004488" or "teal"')
        return hexadecimal(color)
