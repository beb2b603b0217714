"""Backup and restore: one sealed archive with the database, the photos, and a manifest of digests."""


class BackupError(Exception):
    """What went wrong, as a sentence for the operator; it names no person and no text of anybody."""
