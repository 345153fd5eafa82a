"""Accounts: opened, closed, their password changed; who sat down at the register and who left."""

from __future__ import annotations

from app.actions.office import OPEN, administrators_among
from app.domain.action import NEW, Action, Case, Changes, Kind, Move, Refusal, Subject, ask, refuse
from app.domain.carrier import PersonId
from app.domain.passwords import login_can_be_typed
from app.domain.people import ADMINISTRATORS
from app.domain.words import N_, says


def login_is_free(action: OpenAccount, case: Case) -> Refusal | None:
    """A login belongs to one account for ever."""
    if not case.book.login_is_taken(action.login):
        return None
    return refuse(N_("The login {login} was already used."), login=action.login, field="login")


def login_can_be_told_apart(action: OpenAccount, _: Case) -> Refusal | None:
    """A login is typed by people and shown in a list."""
    wrong = login_can_be_typed(action.login)
    return None if wrong is None else Refusal("", wrong, field="login")


def person_has_no_account(action: OpenAccount, case: Case) -> Refusal | None:
    """One person, one account: who signed in is who acted."""
    own = case.book.account_of(action.person)
    if own is not None:
        name = case.book.person(action.person).name
        return refuse(N_("{name} already signs in as {login}."), name=name, login=own.login, field="person")
    return None


def person_stays(action: OpenAccount, case: Case) -> Refusal | None:
    """Nobody who left is let in."""
    person = case.book.person(action.person)
    return None if person.open else refuse(N_("{name} has left."), name=person.name, field="person")


class OpenAccount(Action):
    """Let a person sign in; the key slot is made beside this entry."""

    code = "open_account"
    label = N_("New account…")
    subject = Subject.ACCOUNT
    told = N_("account {login} opened")
    move = Move(NEW, OPEN)
    checks = (login_can_be_told_apart, login_is_free, person_has_no_account, person_stays)
    duties = ("system_administrator",)
    offered = False
    login: str = ask(Kind.CODE, N_("Login"))
    person: PersonId = ask(Kind.PERSON, N_("Person"))

    def changes(self, case: Case) -> Changes:
        return {"login": self.login, "person": self.person, "generation": 1, "open": True}


def account_is_ones_own(_: Action, case: Case) -> Refusal | None:
    """Who sits at the seat speaks for their own account alone: nobody locks another out."""
    own = case.book.account_of(case.actor.id)
    if own is not None and own.id == case.subject.id:
        return None
    return refuse(N_("This is not the account of {name}."), name=case.actor.name)


def generation_is_the_next(action: ChangePassword, case: Case) -> Refusal | None:
    """A password takes the place of the one in force, not of one that was or will be."""
    own = case.book.account_of(case.actor.id)
    if own is None or action.generation == own.generation + 1:
        return None
    return refuse(N_("The password was changed meanwhile."), remedy=says(N_("Sign in again and look.")))


class ChangePassword(Action):
    """Note that an account's key slot was replaced; the old slot no longer opens."""

    code = "change_password"
    label = N_("Change my password…")
    subject = Subject.ACCOUNT
    told = N_("password changed")
    checks = (account_is_ones_own, generation_is_the_next)
    duties = ()
    offered = False
    generation: int = ask(Kind.NUMBER, N_("Generation"))

    def changes(self, case: Case) -> Changes:
        return {"generation": self.generation}


def account_is_open(_: Action, case: Case) -> Refusal | None:
    """What is closed stays closed."""
    account = case.book.account(case.subject.id)
    if account is not None and account.open:
        return None
    return refuse(N_("This account is closed."), remedy=says(N_("Open a new account with another login.")))


def nobody_closes_the_own_account(_: Action, case: Case) -> Refusal | None:
    """Who sits at the seat would go on acting with an account that is closed."""
    own = case.book.account_of(case.actor.id)
    if own is None or own.id != case.subject.id:
        return None
    return refuse(
        N_("You are signed in with this account."), remedy=says(N_("Another administrator closes it after you left."))
    )


def administrators_remain(_: Action, case: Case) -> Refusal | None:
    """Without two administrators who can sign in, nobody could be let in again."""
    account = case.book.account(case.subject.id)
    if account is None:
        return None
    able = {
        person.id
        for duty in ADMINISTRATORS
        for person in case.book.people_with(duty, case.today)
        if person.id != account.person and case.book.account_of(person.id) is not None
    }
    lets_in = any(case.book.person(number).holds("system_administrator", case.today) for number in able)
    if lets_in and administrators_among(case, able) >= 2:
        return None
    return refuse(
        N_("Without {login} there are no two administrators left who could sign, one of them for the accounts."),
        login=account.login,
        remedy=says(N_("Give the duty to somebody else first, and open an account for them.")),
    )


class CloseAccount(Action):
    """Close an account; its key slot is removed beside this entry."""

    code = "close_account"
    label = N_("Close account…")
    subject = Subject.ACCOUNT
    told = N_("account closed")
    checks = (account_is_open, nobody_closes_the_own_account, administrators_remain)
    duties = ("system_administrator", "security_administrator")
    offered = False
    reason: str = ask(Kind.TEXT, N_("Reason"), default="")

    def changes(self, case: Case) -> Changes:
        return {"open": False}


class SignIn(Action):
    """Somebody sat down at the register; sign-ins that failed before it are told along, as no evidence."""

    code = "sign_in"
    label = N_("Sign in")
    subject = Subject.ACCOUNT
    told = N_("signed in")
    checks = (account_is_ones_own,)
    duties = ()
    offered = False
    failed: int = ask(Kind.NUMBER, N_("Failed tries before"), default=0)

    def changes(self, case: Case) -> Changes:
        return {}


class SignOut(Action):
    """Somebody left the seat."""

    code = "sign_out"
    label = N_("Sign out")
    subject = Subject.ACCOUNT
    told = N_("signed out")
    checks = (account_is_ones_own,)
    duties = ()
    offered = False

    def changes(self, case: Case) -> Changes:
        return {}


ACTIONS = (OpenAccount, ChangePassword, CloseAccount, SignIn, SignOut)
