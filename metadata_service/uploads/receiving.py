"""Takes the files of a form off the wire, one after the other."""

from collections.abc import Sequence
from contextlib import AsyncExitStack
from typing import Final

from metadata_service.storage import BlobStore
from metadata_service.uploads.errors import NoFilesError, NothingAcceptedError, TooManyUploadsError
from metadata_service.uploads.forms import FileForm
from metadata_service.uploads.schemas import FileRefused
from metadata_service.uploads.taking_in import FileRefusedError, Received, receive
from shared_schemas.problem import FieldError

MAX_FILES: Final = 100


async def receive_all(
    blobs: BlobStore, form: FileForm, max_bytes: int, undo: AsyncExitStack
) -> tuple[list[Received], list[FileRefused]]:
    """Store the files of a form one by one; `undo` removes them again, should the rest fail."""
    received: list[Received] = []
    refused: list[FileRefused] = []
    while (filename := await form.next_file()) is not None:
        if len(received) + len(refused) == MAX_FILES:
            raise TooManyUploadsError(f"One request brings at most {MAX_FILES} files. None of these was kept.")
        try:
            file = await _receive_one(blobs, form, filename, max_bytes, received)
        except FileRefusedError as refusal:
            refused.append(FileRefused(filename=filename, type=refusal.slug, detail=refusal.detail))
        else:
            undo.push_async_callback(blobs.delete, file.key)
            received.append(file)
    if not received:
        raise _nothing(refused)
    return received, refused


async def _receive_one(
    blobs: BlobStore, form: FileForm, filename: str, max_bytes: int, before: Sequence[Received]
) -> Received:
    file = await receive(blobs, filename, form.pieces(), max_bytes)
    twin = next((other for other in before if other.sha256 == file.sha256), None)
    if twin is not None:
        await blobs.delete(file.key)
        raise FileRefusedError("same-file-twice", f"The same file came before, as {twin.filename}.")
    return file


def _nothing(refused: Sequence[FileRefused]) -> NoFilesError | NothingAcceptedError:
    if not refused:
        return NoFilesError("Send files in the field `files`.")
    fields = [FieldError(loc=["body", "files", index], msg=file.detail) for index, file in enumerate(refused)]
    return NothingAcceptedError(f"{refused[0].filename}: {refused[0].detail}", errors=fields)
