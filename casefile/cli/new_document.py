"""Writing a document to the path that the user gave."""

from __future__ import annotations

from pathlib import Path

from casefile.console import FINDINGS, CommandError
from casefile.durable_files import write_document
from casefile.files import error_reason


def write_new_document(name: str, data: bytes, *, workshop: Path | None = None) -> None:
    """Write a file that must not exist yet, as `write_document` does; raises CommandError."""
    path = Path(name)
    folder = path if name.endswith("/") else path.parent
    try:
        if not folder.is_dir():
            raise CommandError(f"There is no folder {folder}; make it first, or name another.")
        write_document(path, data, workshop=workshop)
    except FileExistsError:
        raise CommandError(
            f"{name} already exists and was not changed; give another name."
        ) from None
    except OSError as error:
        what = f"Not written: {name}: {error_reason(error)}"
        raise CommandError(what, code=FINDINGS) from None
