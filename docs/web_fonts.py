"""Make the two faces of the pages (see static/fonts/README.md): python web_fonts.py SERIF.ttf GOLOS_FOLDER OUT"""

import io
import sys
from copy import copy
from pathlib import Path

from fontTools.designspaceLib import DesignSpaceDocument
from fontTools.merge import Merger
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib import build, instancer

ENGLISH = "".join(map(chr, range(0x20, 0x7F)))
RUSSIAN = "".join(map(chr, range(0x410, 0x450))) + "Ёё"
TAJIK = "ҒғӢӣҚқӮӯҲҳҶҷЎў"
NAMES = "ÄÇÉÖÜßáäçèéíñóöúüĞğİıŞşŠšŽž"  # of guests from abroad, in English
SIGNS = "«»“”‘’„‚‹›–—−…·•×№§°©¶ʼ€↑↓"
SPACES = "\u00a0\u00ad\u2009"
WANTED = {ord(character) for character in ENGLISH + RUSSIAN + TAJIK + NAMES + SIGNS + SPACES}
SIZE, WEIGHT = 28, 600  # of headlines: in points, and on the axis
TABULAR = {f"{figure}.tf" for figure in "zero one two three four five six seven eight nine".split()}
USE_MY_METRICS = 0x200  # a flag of a composite: its own width does not count
FEATURES = ["kern", "tnum"]


def main(serif: str, golos: str, out: str) -> None:
    save(narrowed(serif), "Portal Serif", Path(out) / "portal-serif.woff2")
    save(merged(Path(golos)), "Portal Sans", Path(out) / "portal-sans.woff2")


def narrowed(source: str) -> TTFont:
    """Source Serif at the size and the one weight of headlines: an axis would be 11 kB of every first view."""
    return cut(instancer.instantiateVariableFont(TTFont(source), {"opsz": SIZE, "wght": WEIGHT}))


def merged(folder: Path) -> TTFont:
    """Golos Text of its parts: each is cut and set to the ends of the axis, the ends are merged, and joined again."""
    space = DesignSpaceDocument()
    space.addAxisDescriptor(tag="wght", name="Weight", minimum=400, default=400, maximum=700)
    for weight in (400, 700):
        parts = []
        for name in ("latin", "cyrillic", "cyrillic-ext", "latin-ext"):
            part = TTFont(folder / f"golos-text-{name}-wght-normal.woff2")
            part = cut(mended(instancer.instantiateVariableFont(part, {"wght": weight})))
            parts.append(io.BytesIO())
            part.flavor = None
            part.save(parts[-1])
            parts[-1].seek(0)
        master = Merger().merge(parts)
        space.addSourceDescriptor(name=str(weight), font=master, location={"Weight": weight})
    return build(space)[0]


def cut(face: TTFont) -> TTFont:
    """Only the characters wanted, without hinting."""
    options = Options(hinting=False, layout_features=FEATURES, name_IDs=[1, 2], notdef_outline=True, glyph_names=True)
    options.drop_tables += ["DSIG", "STAT", "BASE", "MVAR", "VVAR", "vhea", "vmtx", "gasp", "meta"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=WANTED)
    subsetter.subset(face)
    return face


def mended(face: TTFont) -> TTFont:
    """Two faults of the parts put right: ğ and Ğ have lost their breve, tabular figures differ in width."""
    glyf, widths, names = face["glyf"], face["hmtx"], face.getBestCmap()
    figures = [name for name in face.getGlyphOrder() if name in TABULAR]
    widest = max((widths[name][0] for name in figures), default=0)
    for name in figures:
        width, bearing = widths[name]
        shift = (widest - width) // 2
        if glyf[name].isComposite():
            for part in glyf[name].components:
                part.x, part.flags = part.x + shift, part.flags & ~USE_MY_METRICS
        else:
            glyf[name].coordinates.translate((shift, 0))
        widths[name] = (widest, bearing + shift)
    for bare, whole in ("ğă", "ĞĂ"):
        letter, other = names.get(ord(bare)), names.get(ord(whole))
        if letter and other:
            breve = copy(glyf[other].components[1])
            breve.x += round((widths[letter][0] - widths[other][0]) / 2)
            glyf[letter].components.append(breve)
    return face


def save(face: TTFont, family: str, path: Path) -> None:
    names = face["name"]
    names.names = []
    for number, text in ((1, family), (2, "Regular"), (4, family), (6, family.replace(" ", "")), (256, "Weight")):
        names.setName(text, number, 3, 1, 0x409)
    if "fvar" in face:
        for axis in face["fvar"].axes:
            axis.axisNameID = 256
        face["fvar"].instances = []
    for table in face["cmap"].tables:
        table.cmap |= {0x2011: table.cmap[ord("-")], 0x202F: table.cmap[0x2009]}
    instancer.setMacOverlapFlags(face["glyf"])
    face["post"].formatType = 3.0
    face.flavor = "woff2"
    face.save(path)


if __name__ == "__main__":
    main(*sys.argv[1:])
