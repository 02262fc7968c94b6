"""The wordings that say what a value is a value of.

Patterns over the text beside a value expression; which entity is finally chosen is for the assembly.
"""

from __future__ import annotations

import re

# What a scale word alone does not name: "grade 3", "a score of 24 on the Mini-Mental State Examination".
GENERIC_SCALE = re.compile(
    r"(?:an?\s+|the\s+)?(?:ctc|ctcae|nci|total|baseline|minimum|maximum|mean|average)?\s*"
    r"(?:grade|class|stage|score|level|status|value|point|rating)s?",
    re.IGNORECASE,
)
# From a bare scale to the thing on its right: "grade III heart failure", "grade 2 or higher of".
SCALE_OF = re.compile(r"\s*(?:of|for|or\s+(?:higher|greater|worse|more|above))?\s*", re.IGNORECASE)
# From the thing on the left to its scale: "diarrhea ≥ grade 2", "resolved to grade 1".
SCALE_TO = re.compile(
    r"[\s,(:]*(?:(?:of|is|was|to|with|in|at|than|must\s+be|has\s+resolved\s+to)[\s(:]*){0,3}", re.IGNORECASE
)
# From a score to the instrument on its right: "score of 24 or above on the Folstein".
SCALE_ON = re.compile(
    r"[\s,)]*(?:on|in|using|by|from|with|according\s+to)\s+(?:(?:the|a|an)\s+)?", re.IGNORECASE
)
# Between two limits of one thing: "≤ 3 x ULN (≤ 5", "> 30 or < 18", "> 14 years and younger than 25".
NEXT_LIMIT = re.compile(
    r"^[\s,/;()\[\]:\\]*(?:(?:and|or|to|but|and/or|i\.?e\.?|for|if|with|not|under|is)\b[\s,(\[\\]*){0,3}[()\[\]\s\\]*$",
    re.IGNORECASE,
)
# Between a value and a thing after it: "10 mg of prednisone", "3 or more prior relapses".
FOLLOWING_THING = re.compile(
    r"^[\s)]*(?:(?:of|for|in|a|the|daily|per\s\w+|oral|equivalent|or|more|prior|previous)[\s,]+){0,4}$",
    re.IGNORECASE,
)
# What a leftover duration may be the value of: "life expectancy of more than 3 months".
OWNS_DURATION = re.compile(
    r"\b(?:survival|expectancy|duration|interval|time|gestation\w*|follow.?up|onset|diagnos\w+|length|period|since"
    r"|stay|half.?life|treatment|therapy|history|disease|symptoms?|QTc?\w*|PR|QRS)\b",
    re.IGNORECASE,
)
# The words that may stand for the entity of an age, most telling first.
AGE_WORDS = (
    re.compile(r"\b(?:gestational\s+age|age[ds]?)\b", re.IGNORECASE),
    re.compile(r"\bolds?\b", re.IGNORECASE),
    re.compile(r"\b(?:older|younger|elder)\b(?!\s+(?:adult|people|person|men|women|patient|subject))", re.I),
    re.compile(r"(?<![^\W\d])(?:years?|yrs?|y/?o|months?|weeks?|days?|hours?)\b", re.IGNORECASE),
)
# Counted happenings of something: "episodes of wheezing", "doses of".
EPISODES_OF = re.compile(
    r"(?:[a-z\-]+\s+){0,2}(?:episode|dose|course|cycle|attack|bout|event|occurrence|injection|exacerbation)s?"
    r"\s+of\s+(?:any\s+|an?\s+|the\s+)?",
    re.IGNORECASE,
)
# Scale words that name a thing by themselves: "stage I-III", "grade ≥ 2".
STANDS_ALONE = re.compile(r"(?:ctc|ctcae|nci)?\s*(?:stage|grade)s?", re.IGNORECASE)
# A head behind one of these is the circumstance of a measurement: "temperature on admission < 30 °C".
CIRCUMSTANCE = re.compile(
    r"(?P<preposition>\b(?:on|at|by|using|from|to|of|and|between|during|after|upon|in)\s+(?:(?:the|an?|each)\s+)?)$",
    re.IGNORECASE,
)
# What may stand before a measured thing that nobody recognised; elsewhere it is mostly a circumstance.
OPENS_PHRASE = re.compile(
    r"(?:^|[:;,(\-•*–]|\b(?:with|have|has|having|and|whose|if|is|are)(?:\s+(?:an?|the|their|his|her))?)\s*$",
    re.IGNORECASE,
)
BRACKETED = re.compile(r"[(\[][^()\[\]]{0,80}[)\]]")
GESTATION = re.compile(r"\bgestation(?:al\s+age)?\b", re.IGNORECASE)
# A short form in brackets right behind its long form: "Clinical Activity Score (CAS)".
SHORT_FORM = re.compile(r"\s?\(\s?[A-Za-z][\w\-/]{0,11}\s?\)")
