"""Every error a user can meet: a code to look up, what is wrong, where, and what to do next.

    SuhdeError
    ├── InputError      the user's input: a path, an archive, a line, a filter
    │   ├── MessageError  one message of an archive; it goes to quarantine, the rest goes on
    │   ├── MailboxError  a folder on a mail server
    │   └── PaperError    one file that is no mail; it goes to quarantine, the rest goes on
    ├── SettingsError   suhde.toml or the environment
    ├── StoreError      the database or the data folder
    └── ModelError      the weights or what is derived from them

Codes never change their meaning; docs/errors.md lists them (a test compares).
"""

from __future__ import annotations

from typing import ClassVar


class SuhdeError(Exception):
    """An error with a code. `detail` says what and where, `advice` what to do."""

    code: ClassVar[int] = 1
    advice: ClassVar[str] = ""

    def __init__(self, detail: str, *, advice: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.hint = self.advice if advice is None else advice

    def __str__(self) -> str:
        return f"SUHDE-{self.code}: {self.detail}" + (f" {self.hint}" if self.hint else "")


class InputError(SuhdeError):
    """The user's input cannot be used."""

    code = 100


class NoSuchPath(InputError):
    """A path that was named does not exist or cannot be read."""

    code = 101
    advice = "Check the path and its permissions."


class BadLine(InputError):
    """A line of JSON Lines input cannot be used."""

    code = 103
    advice = "The line's place in the output holds this error; the other lines were read."


class BadFilter(InputError):
    """A filter, date or cursor cannot be understood."""

    code = 104


class NotFound(InputError):
    """No relationship, document, insight, correction, job or quarantined message has this id."""

    code = 105


class BadAccounts(InputError):
    """A CSV of accounts cannot be used."""

    code = 106
    advice = "Nothing was imported; correct the file and run the command again."


class BadCorrection(InputError):
    """What a person says of an insight does not fit it."""

    code = 107


class NotABackup(InputError):
    """The file is no backup, or not whole."""

    code = 108
    advice = "Give a file that 'suhde backup' wrote."


class Held(InputError):
    """What was to be erased is under a hold."""

    code = 109
    advice = "'suhde hold list' says why; nothing was erased."


class BadRecord(InputError):
    """A record of an erasure cannot be used."""

    code = 150


class MessageError(InputError):
    """One message cannot be read. It is quarantined with its reason."""

    code = 110
    advice = "Quarantined; see 'suhde quarantine list'."


class TooLarge(MessageError):
    """A message, or what it unpacks to, is larger than the limit."""

    code = 111


class TooDeep(MessageError):
    """A message is nested deeper than the limit."""

    code = 112


class TooManyParts(MessageError):
    """A message has more parts than the limit."""

    code = 113


class NotAMessage(MessageError):
    """The bytes hold no header that a mail has."""

    code = 114


class Unparsable(MessageError):
    """The parser failed on a message in a way it should not."""

    code = 115


class ParserDied(MessageError):
    """A message ended the process that parsed it."""

    code = 116


class PaperError(InputError):
    """One file that is no mail cannot be read. It is quarantined with its reason."""

    code = 120
    advice = "Quarantined; see 'suhde quarantine list'."


class Unsupported(PaperError):
    """The file is of a form that is not read."""

    code = 121
    advice = "Save it as DOCX, PDF or text."


class Broken(PaperError):
    """The file is cut short, damaged or empty."""

    code = 122
    advice = "Ask for the file again."


class Encrypted(PaperError):
    """The file opens with a password only."""

    code = 123
    advice = "Save it without the password."


class NeedsOcr(PaperError):
    """The pages are pictures, and no program that reads pictures is installed."""

    code = 124
    advice = "Install Tesseract with Finnish and English, or make the PDF searchable."


class TooManyPages(PaperError):
    """The file has more pages than the limit."""

    code = 125
    advice = "Split it."


class TooLargeUnpacked(PaperError):
    """The file, or what it unpacks to, is larger than the limit."""

    code = 126


class TooSlow(PaperError):
    """The file could not be read in the time or memory that it was given."""

    code = 127


class ReaderDied(PaperError):
    """The file ended the process that read it."""

    code = 128


class MissingReader(PaperError):
    """A library that only this form of file needs is not installed."""

    code = 129


class MailboxError(InputError):
    """A folder on a mail server cannot be read."""

    code = 140


class BadMailbox(MailboxError):
    """What was given is no address of a mail folder."""

    code = 141
    advice = "Write it as imaps://user@host/folder; the password goes into SUHDE_IMAP_PASSWORD."


class MailboxUnreachable(MailboxError):
    """The mail server does not answer, or broke off."""

    code = 142
    advice = "Nothing is lost: the same command goes on where it was."


class MailboxRefused(MailboxError):
    """The mail server refuses the user, the password or the folder."""

    code = 143
    advice = "Check SUHDE_IMAP_PASSWORD and the folder's name."


class SettingsError(SuhdeError):
    """A setting is missing or cannot be used."""

    code = 200
    advice = "See docs/settings.md."


class StoreError(SuhdeError):
    """The database or the data folder cannot be used."""

    code = 300


class DatabaseUnreachable(StoreError):
    """No connection to the database."""

    code = 301
    advice = "Check SUHDE_DATABASE_URL, or remove it to use the embedded database."


class SchemaTooNew(StoreError):
    """The database was written by a newer Suhde."""

    code = 302
    advice = "Install that version or a newer one."


class RawMissing(StoreError):
    """The bytes of a stored message are not in the data folder."""

    code = 303
    advice = "Restore the folder 'raw' of SUHDE_HOME from a backup, or ingest the archive again."


class BackupFailed(StoreError):
    """PostgreSQL could not write or read a backup."""

    code = 304


class NotEmpty(StoreError):
    """A backup can be restored only where there is nothing yet."""

    code = 305
    advice = "Name an empty folder in SUHDE_HOME, or an empty database."


class ModelError(SuhdeError):
    """The model's weights are missing or do not fit."""

    code = 400
    advice = "Run 'make setup'."
