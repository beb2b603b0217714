"""What the rows of an appeal can say of themselves, each with its words."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from . import article21
from .content import Writer


class Applicant(models.TextChoices):
    """Who writes: see ``content.Writer``."""

    INDIVIDUAL = Writer.INDIVIDUAL.value, _("A person, for himself or herself")
    ENTITY = Writer.ENTITY.value, _("A legal entity")
    GROUP = Writer.GROUP.value, _("A group of people")
    BEHALF = Writer.BEHALF.value, _("A person, for another person")


class Representation(models.TextChoices):
    """By what right somebody writes for another person."""

    LEGAL = "legal", _("Parent, guardian or other legal representative")
    RELATIVE = "relative", _("Relative")
    LAWYER = "lawyer", _("Lawyer with a warrant")
    ATTORNEY = "attorney", _("Power of attorney")
    INTERPRETER = "interpreter", _("Interpreter, or somebody who wrote down what the person said")
    OTHER = "other", _("Another right")


class Kind(models.TextChoices):
    """The kinds of appeal that the law knows."""

    APPLICATION = "application", _("Application")
    REQUEST = "request", _("Request")
    PROPOSAL = "proposal", _("Proposal")
    COMPLAINT = "complaint", _("Complaint")


class Verdict(models.TextChoices):
    """The verdicts of ``article21``, in the short words of lists."""

    EXAMINED = article21.Verdict.EXAMINED.value, _("examined")
    FOR_OFFICER = article21.Verdict.FOR_OFFICER.value, _("for an officer")
    ANONYMOUS_CRIME = article21.Verdict.ANONYMOUS_CRIME.value, _("anonymous, crime")
    ANONYMOUS = article21.Verdict.ANONYMOUS.value, _("anonymous")


class Reason(models.TextChoices):
    """Why an officer looks who an applicant is."""

    ANSWER = "answer", _("to answer")
    CHECK = "check", _("to check the data")
    CONTACT = "contact", _("to reach the applicant")
    FORWARD = "forward", _("to forward the appeal")
    OTHER = "other", _("another reason, in words")


class FileRole(models.TextChoices):
    SIGNATURE = "signature", _("signature")
    ATTACHMENT = "attachment", _("attachment")
    DOCUMENT = "document", _("document that was signed")
    ANSWER = "answer", _("file of the office")
    ADDITION = "addition", _("file added by the applicant")


class SignedHow(models.TextChoices):
    """How an appeal is signed that somebody of the office enters for the applicant."""

    PAPER = "paper", _("by hand, on the paper: the scan shows it")
    COUPON = "coupon", _("by hand, on the coupon of the reception")
    NONE = "none", _("not signed")


class Scan(models.TextChoices):
    """What the virus scanner said of a file. Nobody opens one that is held or infected."""

    NONE = "none", _("not scanned")  # No scanner was configured when the file came.
    CLEAN = "clean", _("no virus found")
    HELD = "held", _("held until it is scanned")
    INFECTED = "infected", _("a virus was found")


class Held(models.TextChoices):
    """What the gate noticed when an appeal was sent."""

    HONEYPOT = "honeypot", _("a field that nobody is shown was filled in")
    HASTE = "haste", _("it was sent a few seconds after it was written")
    MANY = "many", _("its network had sent unusually many appeals")
