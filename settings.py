"""Where things are and who "we" are: settings from the environment, else from suhde.toml, else defaults."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from errors import SettingsError

FILE = "suhde.toml"


class Settings(BaseSettings):
    """All settings: environment variables `SUHDE_<NAME>`, else keys of `suhde.toml` in the working directory."""

    model_config = SettingsConfigDict(env_prefix="SUHDE_", toml_file=FILE, extra="forbid", frozen=True)

    home: Path = Field(Path("~/.suhde"), description="Data folder: the embedded database and the raw bytes live here.")
    database_url: str | None = Field(None, description="postgresql://… of a server to use instead of the embedded one.")
    own_domains: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Our mail domains, comma-separated. Empty: inferred from the archive, and said so."
    )
    units: Path | None = Field(None, description="CSV of internal units: name, domains (semicolon-separated).")
    policy: Path | None = Field(None, description="TOML of what the house demands of itself (docs/practices.md).")
    retention: Path | None = Field(None, description="TOML of how long documents are kept (docs/security.md).")
    reader: Literal["reader", "reader-large"] = Field(
        "reader", description="The model that reads: of six layers, or of twelve, which takes twice the time."
    )
    access: Literal["open", "keys"] = Field(
        "open",
        description="Who may ask the service: whoever can reach it, which is this machine alone, or who brings a key.",
    )
    hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Names under which the service is reached besides this machine's own; they need keys."
    )
    workers: int = Field(2, ge=1, le=256, description="Processes that parse messages during an ingest.")

    @field_validator("own_domains", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        parts = value.split(",") if isinstance(value, str) else value
        return tuple(p.strip().lower().lstrip("@") for p in parts if p.strip())

    @field_validator("hosts", mode="before")
    @classmethod
    def _names(cls, value: Any) -> Any:
        parts = value.split(",") if isinstance(value, str) else value
        return tuple(p.strip().lower() for p in parts if p.strip())

    @model_validator(mode="after")
    def _closed(self) -> Self:
        if self.hosts and self.access != "keys":
            raise ValueError("hosts are answered only with access = keys")
        return self

    @field_validator("home", mode="after")
    @classmethod
    def _expand(cls, value: Path) -> Path:
        return value.expanduser().absolute()

    @cached_property
    def raw(self) -> Path:
        """Folder of raw bytes, by hash."""
        return self.home / "raw"

    @cached_property
    def erasures(self) -> Path:
        """Folder of the records of erasures."""
        return self.home / "erasures"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments, then the environment, then suhde.toml."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load() -> Settings:
    """The settings in force. Raises SettingsError that names each setting that cannot be used."""
    try:
        return Settings()
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise SettingsError(f"cannot use the settings: {faults}.") from error
