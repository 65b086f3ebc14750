"""What the book says that something brings, found in pairs of runs with and without it."""

import math

from ncpcsim.answers import gains
from ncpcsim.answers.compared import SOME, Check

CLAIMS: tuple[Check, ...] = (
    Check(
        "word_of_mouth",
        "Fees lost without word of mouth, over those lost without events",
        "ratio",
        ("guidelines.word_of_mouth", "india.colleague"),
        lambda _: (1.0, math.inf),
        gains.word_of_mouth,
        "events begin what word of mouth goes on with: without either, hardly anybody comes",
    ),
    Check(
        "trained_rivals",
        "Fees lost to competitors whom the centre trained",
        "share",
        ("financing.trained",),
        lambda _: (SOME, 1.0),
        gains.trained_rivals,
        "few are trained, or few of them compete",
    ),
    Check(
        "consultants",
        "Sales lost to competitors: management systems less assessments",
        "share",
        ("competition.consultants",),
        lambda _: (SOME, 1.0),
        gains.consultants,
        "the plan says that another service is contested more",
    ),
    Check(
        "energy_audits",
        "More centres sustained with energy audits than without",
        "share",
        ("zimbabwe.energy",),
        lambda _: (SOME, 1.0),
        gains.energy_audits,
        "energy audits are few beside the plan's other services",
    ),
    Check(
        "leverage",
        "Money of contracts that others' money brings",
        "share",
        ("funding.leverage",),
        lambda _: (SOME, 1.0),
        gains.leverage,
        "few sources pay at once, or payers do not look at one another",
    ),
    Check(
        "known_director",
        "Fees and money of contracts that a known director brings",
        "share",
        ("credibility.director",),
        lambda _: (SOME, 1.0),
        gains.known_director,
        "credibility is soon earned by work, whoever leads",
    ),
)
"""Comparisons with variants that lack one thing, by common random numbers."""
