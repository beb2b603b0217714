"""Article 21 asked again of an appeal that its applicant has mended."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from typing import Any

from .. import signing, vault
from ..article21 import TELLS_OF_CRIME, Ground, Signature, Truth
from ..choices import FileRole
from ..content import Content
from ..models import Appeal
from ..signature import Signer
from .intake import assess_signed
from .notes import Note, mended, messages_of


def reassess(appeal: Appeal, key: bytes) -> dict[str, str]:
    """Judge the appeal as it is now and keep that with it. Returns the verdicts before and after."""
    before, box = appeal.verdict, json.loads(vault.decrypt(key, appeal.box))
    notes = messages_of(appeal, key)
    content = Content.of(mended(box["content"], notes))
    # What an officer has ruled on counts, whatever the writer has said of it.
    content = replace(content, crime=appeal.crime in TELLS_OF_CRIME)
    truth = Truth.REFUTED if appeal.truth_refuted else Truth.UNQUESTIONED
    assessment = assess_signed(content, _signed(appeal, content, box.get("signed", {}), notes), truth)
    appeal.verdict, appeal.policy_version = assessment.verdict, assessment.policy_version
    appeal.grounds, appeal.notes = list(assessment.grounds), list(assessment.notes)
    appeal.region, appeal.indexed_with = content.region, ""  # Indexed again, with what was mended.
    appeal.save(update_fields=["verdict", "grounds", "notes", "policy_version", "region", "indexed_with"])
    return {"verdict_before": before, "verdict": str(appeal.verdict)}


def _signed(appeal: Appeal, content: Content, known: dict[str, Any], notes: list[Note]) -> signing.Signed:
    """How the appeal is signed: by the last picture given afterwards, else as it was when it was received."""
    if any(file["role"] == FileRole.SIGNATURE for note in notes for file in note.files):
        return signing.Signed(Signature.HANDWRITTEN)
    if "kind" not in known:  # Taken before it was kept.
        return signing.Signed(Signature.NONE if Ground.UNSIGNED in appeal.grounds else Signature.HANDWRITTEN)
    if not known["signer"]:
        return signing.Signed(Signature(known["kind"]))
    valid_until = datetime.fromisoformat(known["signer"]["valid_until"])
    signer = Signer(**known["signer"] | {"valid_until": valid_until})
    return signing.Signed(Signature(known["kind"]), signer, None, signing.names_nobody(content, signer))
