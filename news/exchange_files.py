"""The folder of files that lies beside an exchange file: photos and films, in and out."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db.models.fields.files import FieldFile

from . import images, renditions
from .exchange import Film, Item, Picture
from .exchange_fields import Refused, shown
from .models import Event, Photo, Video

FILM_SIGNS = ((0, b"\x1a\x45\xdf\xa3", "webm"), (4, b"ftyp", "mp4"))
# What Pillow tells about a picture that holds nothing but itself; anything more may be metadata.
_PLAIN = {
    "adobe", "adobe_transform", "background", "chromaticity", "dpi", "gamma", "icc_profile", "interlace", "jfif",
    "jfif_density", "jfif_unit", "jfif_version", "progression", "progressive", "srgb", "transparency",
}  # fmt: skip


class Folder:
    """A folder of files; ``root`` None is a folder in which nothing is found."""

    def __init__(self, root: Path | None) -> None:
        self._root = root.resolve() if root else None

    def path(self, name: str) -> Path:
        """The file ``name`` inside the folder. Raises ``Refused``; a link that leads out of the folder is no file."""
        path = (self._root / name).resolve() if self._root else None
        if path is None or not path.is_relative_to(self._root) or not path.is_file():
            raise Refused(f"the file {shown(name)} is not in the folder of files")
        return path

    def check(self, item: Item) -> None:
        """Look at every file of ``item`` as it will be taken in. Raises ``Refused``."""
        for picture in item.photos:
            with self.path(picture.file).open("rb") as opened:
                try:
                    images.validate_picture(File(opened))
                except ValidationError as error:
                    raise Refused(f"{shown(picture.file)}: {' '.join(error.messages)}") from None
        for film in item.videos:
            if film.file:
                film_kind(self.path(film.file))

    def add_photo(self, event: Event, picture: Picture, position: int, made: list[Photo | Video]) -> Photo:
        """Store a photo of ``event``; it stands in ``made`` before any file is written."""
        path = self.path(picture.file)
        texts = {f"caption_{code}": text for code, text in picture.caption.items()}
        texts |= {f"alt_{code}": text for code, text in picture.alt.items()}
        with path.open("rb") as opened:
            photo = Photo(
                event=event,
                image=File(opened, name=path.name),
                position=position,
                decorative=picture.decorative,
                credit=picture.credit,
                focal_x=picture.focal_x,
                focal_y=picture.focal_y,
                **texts,
            )
            made.append(photo)
            photo.save()
        # The digest of what was sent once: by now the file may be the original that was made of it.
        Photo.objects.filter(pk=photo.pk).update(digest=picture.digest or _sha256(path))
        if is_bare(path):
            _keep_as_it_is(photo, path)
        return photo

    def add_film(
        self, event: Event, film: Film, position: int, poster: Photo | None, made: list[Photo | Video]
    ) -> None:
        texts = {f"title_{code}": text for code, text in film.title.items()}
        video = Video(event=event, position=position, poster=poster, url=film.url, megabytes=film.megabytes, **texts)
        made.append(video)
        if not film.file:
            video.save()
            return
        path = self.path(film.file)
        with path.open("rb") as opened:
            video.file = File(opened, name=f"film.{film_kind(path)}")
            video.save()

    def take(self, field: FieldFile) -> str:
        """Copy a stored file into the folder, under the digest of its content; its path there.

        Raises ``FileNotFoundError`` for a file that the storage has lost.
        """
        self._root.mkdir(parents=True, exist_ok=True, mode=0o700)
        scratch = self._root / f".{os.getpid()}.part"
        digest = hashlib.sha256()
        try:
            with field.storage.open(field.name) as source, scratch.open("wb") as copy:
                for chunk in source.chunks():
                    digest.update(chunk)
                    copy.write(chunk)
            name = f"{digest.hexdigest()[:2]}/{digest.hexdigest()}.{field.name.rpartition('.')[2]}"
            (self._root / name).parent.mkdir(exist_ok=True, mode=0o700)
            scratch.replace(self._root / name)
        finally:
            scratch.unlink(missing_ok=True)
        return name


def film_kind(path: Path) -> str:
    """``mp4`` or ``webm``, by content. Raises ``Refused``."""
    with path.open("rb") as opened:
        head = opened.read(16)
    for place, sign, kind in FILM_SIGNS:
        if head[place : place + len(sign)] == sign:
            return kind
    raise Refused(f"{shown(path.name)}: a film must be an MP4 or WebM file")


def is_bare(path: Path) -> bool:
    """The picture holds nothing to take away: it came from a portal like this one, and stays byte for byte."""
    with path.open("rb") as opened:
        picture = images.open_picture(opened)
        parts = {name for name, _data in getattr(picture, "applist", ())}
        return (
            picture.format in images.ACCEPTED
            and getattr(picture, "n_frames", 1) == 1
            and not picture.getexif()
            and set(picture.info) <= _PLAIN
            and parts <= {"APP0", "APP2", "APP14"}
        )


def _keep_as_it_is(photo: Photo, path: Path) -> None:
    """Put the bytes of the file in the place of the original that was written anew: nothing is lost by moving."""
    storage, name = photo.image.storage, photo.image.name
    with path.open("rb") as opened:
        storage.delete(name)
        if storage.save(name, File(opened)) != name:
            raise OSError(f"{name} is taken")


def forget(made: list[Photo | Video]) -> None:
    """Erase the files of photos and films whose line was refused after all."""
    for filed in made:
        if isinstance(filed, Photo):
            if filed.image and filed.image._committed:
                renditions.forget(filed.image.name, filed.token, filed.width or 0)
        elif filed.file and filed.file._committed:
            filed.file.delete(save=False)


def _sha256(path: Path) -> str:
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
