"""When a password is lost: reset by two administrators, or replaced with the recovery sheet; and a new sheet."""

from __future__ import annotations

from app.actions.accounts import account_is_ones_own, account_is_open, generation_is_the_next
from app.actions.office import two_administrators_sign
from app.domain.action import Action, Case, Changes, Kind, Refusal, Subject, ask, refuse
from app.domain.words import N_, says


def account_is_anothers(_: Action, case: Case) -> Refusal | None:
    """Who is signed in knows their own password and changes it alone."""
    account = case.book.account(case.subject.id)
    if account is None or account.person != case.actor.id:
        return None
    return refuse(
        N_("This is your own account."), remedy=says(N_("Change your own password instead; that takes nobody else."))
    )


def generation_follows(action: ResetPassword, case: Case) -> Refusal | None:
    """The new password takes the place of the one in force."""
    account = case.book.account(case.subject.id)
    if account is None or action.generation == account.generation + 1:
        return None
    return refuse(N_("The password was changed meanwhile."), remedy=says(N_("Read the list again and look.")))


class ResetPassword(Action):
    """Note that two administrators had a lost password replaced; the old key slot no longer opens."""

    code = "reset_password"
    label = N_("Reset the password…")
    subject = Subject.ACCOUNT
    told = N_("lost password replaced by two administrators")
    whole = (two_administrators_sign,)
    checks = (account_is_open, account_is_anothers, generation_follows)
    duties = ("system_administrator",)
    offered = False
    generation: int = ask(Kind.NUMBER, N_("Generation"))

    def changes(self, case: Case) -> Changes:
        return {"generation": self.generation}


class RecoverAccount(Action):
    """Note that the recovery sheet was used to give an account a new password."""

    code = "recover_account"
    label = N_("Use the recovery sheet…")
    subject = Subject.ACCOUNT
    told = N_("password replaced with the recovery sheet")
    checks = (account_is_open, account_is_ones_own, generation_is_the_next)
    duties = ()
    offered = False
    generation: int = ask(Kind.NUMBER, N_("Generation"))

    def changes(self, case: Case) -> Changes:
        return {"generation": self.generation}


def sheet_follows(action: ReplaceRecovery, case: Case) -> Refusal | None:
    """A new sheet takes the place of the one in force, not of one that was or will be."""
    if action.generation == case.book.register().facts.get("recovery", 0) + 1:
        return None
    return refuse(N_("The recovery sheet was replaced meanwhile."), remedy=says(N_("Begin again with a new sheet.")))


class ReplaceRecovery(Action):
    """Note that a new recovery sheet is locked away; the old sheet no longer opens the register."""

    code = "replace_recovery"
    label = N_("New recovery sheet…")
    subject = Subject.REGISTER
    told = N_("the recovery sheet was replaced")
    whole = (two_administrators_sign,)
    checks = (sheet_follows,)
    duties = ("system_administrator", "security_administrator")
    offered = False
    generation: int = ask(Kind.NUMBER, N_("Generation"))

    def changes(self, case: Case) -> Changes:
        return {"fact.recovery": self.generation}


ACTIONS = (ResetPassword, RecoverAccount, ReplaceRecovery)
