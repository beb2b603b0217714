"""Which module may import which: the house plan as a check on the source.

``violations(module, source)`` reads a module's imports from its syntax tree; it runs nothing.
"""

import ast
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("portal", "news", "appeals")

# These know no request, no model and no library: the law, and the people's names.
PURE = ("appeals.article21", "appeals.article21_texts", "appeals.names", "appeals.retention", "appeals.term")
MAY_KNOW_THE_APPS = ("portal.urls", "portal.settings")


def violations(module: str, source: str) -> list[str]:
    """What ``module`` imports and must not, in words."""
    found = []
    for imported in sorted(imports(module, source)):
        reason = forbidden(module, imported)
        if reason:
            found.append(f"{module} imports {imported}: {reason}")
    return found


def forbidden(module: str, imported: str) -> str:
    app, other = module.split(".")[0], imported.split(".")[0]
    if module in PURE and not (is_one_of(imported, PURE) or other in sys.stdlib_module_names):
        return "it may import the standard library alone"
    if {app, other} == {"news", "appeals"}:
        return "news and appeals do not know each other"
    if app == "portal" and other in {"news", "appeals"} and module not in MAY_KNOW_THE_APPS:
        return "portal knows the apps only in urls and settings"
    inside = imported.split(".")[1:]
    if other in APPS and inside and inside[0] in {"views", "admin"} and not module.split(".")[-1].endswith("urls"):
        return "only urls import views and admin"
    return ""


def is_one_of(imported: str, modules: tuple[str, ...]) -> bool:
    """``imported`` is one of ``modules`` or a name in it."""
    return any(imported == module or imported.startswith(f"{module}.") for module in modules)


def imports(module: str, source: str) -> set[str]:
    """Dotted names of all that is imported anywhere in the module, also inside functions and by name."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            package = module.split(".")[: -node.level] if node.level else []
            base = ".".join(package + ([node.module] if node.module else []))
            found |= {f"{base}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Call) and called(node) in {"import_module", "__import__", "get_model"}:
            # A name given as text is an import all the same.
            found |= {str(part.value) for part in node.args[:1] if isinstance(part, ast.Constant)}
    return found


def called(node: ast.Call) -> str:
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


def modules() -> dict[str, Path]:
    """All modules of the apps by their dotted name; a package's ``__init__`` counts as ``package.__init__``."""
    paths = [path for app in APPS for path in sorted((ROOT / app).rglob("*.py"))]
    return {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in paths}
