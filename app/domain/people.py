"""Duties, the three administrators and their separation, who may see what."""

from __future__ import annotations

from collections.abc import Iterable

from app.domain.words import N_, Says, says

DUTIES: dict[str, str] = {
    "registry_clerk": N_("registry clerk"),
    "department_leader": N_("department leader"),
    "unit_leader": N_("unit leader"),
    "general_manager": N_("general manager"),
    "classification_authority": N_("classification authority"),
    "archivist": N_("archivist"),
    "secrecy_officer": N_("secrecy officer"),
    "system_administrator": N_("system administrator"),
    "security_administrator": N_("security administrator"),
    "auditor": N_("auditor"),
}

ADMINISTRATORS = ("system_administrator", "security_administrator", "auditor")
"""The three administrators; granting any duty takes two of them (domain.md 2.5)."""

SEES_THE_BOOK = frozenset({"registry_clerk", "secrecy_officer", "auditor", "archivist"})
"""Duties that see number, level, state and custody of everything."""

ROLE_DUTIES: dict[str, tuple[str, ...]] = {
    "registry_clerk": ("registry_clerk",),
    "department_leader": ("department_leader", "unit_leader", "general_manager"),
    "unit_leader": ("unit_leader", "general_manager"),
    "general_manager": ("general_manager",),
    "secrecy_office": ("secrecy_officer",),
    "classification_authority": ("classification_authority",),
    "archivist": ("archivist",),
}
"""Which duties may decide a step of that role; a role that is missing decides on paper only."""

ON_PAPER = frozenset({"originator", "competent_authority"})
"""Roles outside the unit: their step is the number and date of a written consent, entered by the clerk."""


def incompatible(duties: Iterable[str]) -> Says | None:
    """Why these duties may not lie in one person's hands; None when they may (domain.md 2.5)."""
    held = set(duties)
    if "auditor" in held and held & {"system_administrator", "security_administrator"}:
        return says(N_("the auditor holds neither of the other two administrators' duties"))
    if "auditor" in held and "registry_clerk" in held:
        return says(N_("nobody acts in the register and audits it"))
    return None


def may_decide(role: str, duties: Iterable[str]) -> bool:
    """Whether a person with these duties may decide a step of that role."""
    return bool(set(ROLE_DUTIES.get(role, ())) & set(duties))
