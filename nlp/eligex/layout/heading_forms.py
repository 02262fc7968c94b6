"""The forms that headings take, as patterns; ``headings`` decides what they mean together.

All repeats are bounded, and all patterns run over pieces of a few hundred characters at most, except
``INLINE`` and ``INLINE_TOPIC``, which scan a block once.
"""

from __future__ import annotations

import re

from eligex.layout.groups import any_of
from eligex.lexicon.layout import heading_words

_WORDS = heading_words()
_I = re.IGNORECASE
_X = re.VERBOSE | re.IGNORECASE

_SUBJECT = r"""
(?: patients? | subjects? | participants? | individuals? | volunteers? | persons? | people | candidates?
   | women | men
  | children | infants | adults | you | your\s+child | those | cases | controls | donors | recipients
     | caregivers )
"""

STEMS = (
    "clusi", "clude", "ligib", "crit", "requirement", "characteristics", "therapy", "medication", "treatment",
    "behavior", "nrol", "particip", "following", "must", "should not", "qualify", "llowed", "ermitted",
    "ecommended", "equired", "may not", "cannot", "need to",
)  # fmt: skip
"""Every typed heading holds one of these: a cheap test before the patterns."""
CORE_STEMS = ("clusi", "clude", "ligib", "entry", "selection", "nrol", "recruit", "liminat")
PARTICIPLES = frozenset(("included", "excluded", "eligible", "ineligible", "not eligible"))

# "Exclusion criteria include …": the only typed form that may open a long line without a colon
OPENS = re.compile(r"\W{0,6}(?:(?:the|key|main|major|general)\s+)?(?:non[- ]?)?(?:in|ex)clusi", _I)
# "**Inclusion", "## Inclusion", "[Inclusion"
DECORATION = re.compile(r"(?:\*\*|__|\#{1,6}(?=\s)|--(?=\w)|<b>|\[|【|={1,9}|\"|“|_)\s*")
_FRAME = r"(?:\*\*|__|--|</b>|\]|】|={1,9}|\"|”|_)?"
# "Criteria**:", "Criteria:**", "Criteria."
CLOSING = re.compile(rf"\s{{0,4}}{_FRAME}\s{{0,4}}(?:[:：;]|\.(?=\s*$))?\s{{0,4}}{_FRAME}:?")
# "1.1 INCLUSION CRITERIA"
CHAPTER = re.compile(r"\d{1,2}(?:\.\d{1,2}){1,3}\.?\s{1,4}(?=[A-Za-z])")

# "inclusion criteria", "Exclusions", "non-inclusion criteria", "Inclusion/Exclusion Criteria", "Eligibility"
CORE = re.compile(
    r"""
    \b (?:
        (?P<both> (?:inclusion|exclusion|eligibility) \s? (?:/|&|and|or) \s?
                 (?:non[- ]?)? (?:inclusion|exclusion) )
      | (?P<exc> non[-\s]?inclusion | exclusion(?:s|ary)? | ineligib(?:ility|le) | elimination | excluded
               | not\s+eligible | non[- ]?eligib(?:ility|le) )
      | (?P<inc> inclusions? | included )
      | (?P<neutral> eligibility | eligible | entry | selection | enroll?ment | recruitment )
    ) \b
    (?: \s+ (?P<noun> (?: criteri(?:a|on|as|um) | critera | crtieria | creteria | requirements? | conditions
                        | characteristics ) \b ) )?
    """,
    _X,
)
# "Criteria for exclusion", "Reasons for exclusion"
REVERSED = re.compile(
    r"""
    (?P<noun> criteri(?:a|on) | reasons? | conditions ) \s+ (?:for|of) \s+
    (?: (?:study|patient|subject|participant|trial) \s+ )?
    (?: (?P<exc> exclusion | non[- ]?inclusion )
      | (?P<inc> inclusion | eligibility | entry | enroll?ment | participation ) ) \b
    """,
    _X,
)
# "Criteria:"
BARE_CRITERIA = re.compile(r"criteria\s{0,3}(?:[:：]|$)", _I)
# what may follow "inclusion criteria": "for Part A", "(all must be met)", "- Step 1"
TAIL = re.compile(
    r"""
    \s* $ | \s* [(\[/,–—-]
  | \s+ (?: (?: for | in | at | of | to | prior | during | before | related | specific | only | part
     | cohort | phase | group
              | arm | step | stage | study | common | regarding | by | from | following | on | all
                 | applicable | that
              | considered | after | as | based | patients? | subjects? | participants? | healthy
                 | controls? | and ) \b
          | [IVX]{1,4}\b | \d | [A-Z]\b )
    """,
    _X,
)
# "… are as follows", "… include but are not limited to the following"
_INTRODUCES = r"""
    \s+ (?: (?:will|shall|should|would|may|can) \s+ )?
    (?: includes? | included | including | are | is | were | be | consists?\s+of | comprises? ) \b
    (?: \s+ (?: but\s+(?:are\s+)?not\s+limited\s+to | as\s+follows?
       | (?:all\s+of\s+|any\s+of\s+)?the\s+following ) ){0,3}
"""
INTRODUCES = re.compile(_INTRODUCES, _X)
# "… for both patients and caregivers are"
FOR_INTRODUCES = re.compile(rf"(?: \s+ (?:for|in) \s+ [^.;:()]{{3,60}}? )? {_INTRODUCES}", _X)
# the rest of a line that only introduces: "includes presence of all the following:"
ONLY_INTRO = re.compile(
    r"""
    [(\[]? (?: [\w/'’-]+ \s+ ){0,14}?
    (?: following | below | criteria | apply | met | true | fulfilled | satisfied | present | conditions
       | requirements | if
      | they | who | any\s+of | with ) \b
    [^:.;]{0,40} [:.)\]]{0,3} $
    """,
    _X,
)
DOUBTFUL = re.compile(r"\b(?:may|not|met|applies|apply)\b", _I)
MUST_BE_MET = re.compile(
    r"not\s+limited|(?:must|are|be|have\s+been)\s+(?:be\s+)?(?:all\s+)?met|must\s+apply", _I
)
DASH = re.compile(r"\s{1,3}[-–—]{1,2}\s")
# "Inclusion Criteria 1. Age", "INCLUSION CRITERIA Patients with" on one line, but not "… Criteria Must Be …"
RUNS_ON = re.compile(
    r"\s+(?:\(?1[.)]|\(?[aA][.)]\s|[-–•*·]\s|(?!(?:May|Must|Will|Apply|Are|Is)\b)[A-Z][a-z])"
)

# "Patients will be excluded if", "Subjects must not have any of", "None of the following"
SENTENCE_EXCLUDES = re.compile(
    rf"""
    \b (?:is|are|be|was|were|being) \s+ (?: (?:also|automatically) \s+ )?
       (?: excluded | ineligible | exclusionary
         | not \s+ (?:be\s+)? (?:eligible|included|enrolled|allowed|permitted|suitable|qualified|able) )
  | \b (?:will|may|can|is|are|should|must|shall|would|do|does) \s* n[o']t \s+ (?:be\s+)? (?:considered\s+)?
       (?: eligible | included | enroll(?:ed)? | recruited | allowed | permitted | enter(?:ed)?
          | participate | take\s+part
         | qualify | accepted | able\s+to\s+participate | randomi[sz]ed | join )
  | \b can\s?not \s+ (?: be\s+(?:included|enrolled|eligible|in\s+th) | participate | take\s+part | enter
     | join )
  | \b (?:may|must|should|shall|can|do|does) \s? not \s+ (?:have|meet|fulfil|be\s+any|present|show|exhibit
     |satisfy) \b
  | \b (?:will|would|shall|may|to) \s+ exclude \b | \b excludes? \s+ (?:{_SUBJECT}|a|any|from) \b
  | \b disqualif | \b preclude | \b exclusions? \b | ^ excluded \b | ^ not\s+eligible | ^ ineligible
  | \b none\s+of\s+the\s+following | \b excluded \s+ (?:if|from|when|for|due|are|patients|subjects) \b
    """,
    _X,
)
NOT_EXCLUDED = re.compile(r"\bnot\s+(?:be\s+)?(?:excluded|exclude|an\s+exclusion)", _I)
# "Subjects are eligible if", "To be included in this study", "Patients may participate"
SENTENCE_INCLUDES = re.compile(
    rf"""
    \b (?:is|are|be) \s+ (?: (?:considered|potentially) \s+ )?
       (?: eligible | included | enrolled | recruited | randomi[sz]ed | invited | entered | admitted
          | qualified | accepted ) \b
  | \b eligible \s+ (?:{_SUBJECT}|for|to|if|when) \b | ^ eligible \b | ^ included \b
  | \b (?:to|can|may|will) \s+ (?:be\s+)?
       (?: eligible | included | enrol\w{{0,5}} | participate | take\s+part | enter | qualify | join
          | recruit\w{{0,3}} ) \b
  | \b for \s+ (?:study\s+|trial\s+)? (?:inclusion|eligibility|entry|enroll?ment|participation) \b
  | \b inclusion \b | \b eligibility \b | \b (?:include|enroll?) \s+ {_SUBJECT}
    """,
    _X,
)
# weaker, so only where exclusion is not open: "Patients must have", "meeting all of the following"
SENTENCE_REQUIRES = re.compile(
    rf"""
    ^ (?: (?:all|the|eligible|both|study|male|female|adult
       |each) \s+ ){{0,3}} {_SUBJECT} \s+ (?: \w+ \s+ ){{0,4}}?
      (?:must|should|need\s+to|have\s+to|with|who|meeting|fulfilling) \b
  | \b must \s+ (?:meet|satisfy|fulfil|have|be|comply) \b
  | \b (?:meet|meets|meeting|satisf\w{{1,6}}|fulfil\w{{0,6}}) \s+ (?:all\s+)? (?:of\s+)? the\s+following \b
  | ^ (?:all|each) \s+ (?:of\s+)? (?:the\s+)? (?:following|criteria) \b
    """,
    _X,
)
# "one of the following", "at least two": such a line is the parent of a choice
CHOOSES = re.compile(
    r"\b(?:one|two|three|1|2|3|either|any)\b(?:\s+or\s+more|\s+\(\w+\))?\s+(?:of\b|or\b)|\bat\s+least\b|"
    r"\beither\b",
    _I,
)
NOT_A_SECTION = re.compile(
    r"\b(?:if|unless|except|including|such\s+as|e\.g|defined|history\s+of|evidence\s+of|disease|"
    r"function|grade|within)\b",
    _I,
)
ASIDE = re.compile(r"(?:notes?|however|exceptions?|n\.?b)\b", _I)
# words that say something about patients: "Excluded within 2 weeks of study entry:"
DETAIL = re.compile(
    r"""
    \d | \b (?: within | undergone
              | history | receiv\w{1,3} | treated | taking | evidence | diagnosis | diagnosed
       | disease | day | dose
              | (?:of|to|before|after) \s+ (?:study\s+)? entry ) \b
    """,
    _X,
)
SECTION_LEAD = re.compile(
    r"\b(?:if|following|when|criteria|who|reasons?|for|are|include|includes|those|they|with|excluded|"
    r"eligible|must)\W*$",
    _I,
)
# a line without a colon that still leads in: "Subjects are eligible if"
LEADS_IN_LINE = re.compile(
    r"\b(?:if|following|following\s+criteria|they|who|you|any\s+of|all\s+of|when)\W*$", _I
)
STOPPED = re.compile(r"(?<!e\.g)(?<!i\.e)\.\s|;\s+[A-Z]")

TOPIC = re.compile(rf"(?:--)?(?P<name>{any_of(_WORDS.topics)})(?:--|\s{{0,2}}[:：])", _I)
# "--Disease Characteristics--"
DASHED_TITLE = re.compile(r"--\s?[\w /(),-]{2,70}?--(?=\s|$)")
REGISTRY_FIELD = re.compile(rf"(?:{any_of(_WORDS.registry_fields)})\s{{0,3}}:", _I)
NOTE = re.compile(
    r"\W?the\s+above\s+information\s+is\s+not\s+intended\s+to\s+contain\s+all\s+considerations", _I
)

# headings in the middle of a paragraph; what stands before decides whether it is one
INLINE = re.compile(
    r"""
    (?P<before> ^ | [.;:)\]}!?•\w%,"”*] ) [\s*_]{1,12} (?: [-–•*] \s{1,3} )? \W{0,2}
    (?P<heading>
      (?: (?:Key|Main|Major|Primary|General|Additional|Other|Patient|Subject|Participant|Donor|Recipient
         |Study|Specific|Control
            |The|KEY|MAIN|THE) \s+ ){0,3}
      (?:
        (?: Non[- ]?[Ii]nclusion | NON[- ]INCLUSION | Inclusi(?:on|ve) | Exclusi(?:on|ve) | INCLUSION
           | EXCLUSION | inclusion
          | exclusion ) \s+ (?: [Cc]riteri(?:a|on) | CRITERI(?:A|ON) )
        (?: \s+ (?:for|in|of|are|includes?|will\s+be|will\s+include|were|is) \b [^:.;\n]{0,60}
           | \s? \( [^()\n]{1,60} \) )?
        (?: \s? [:：] -? | \s [-–—] (?=\s) | (?= \s+ (?: 1[.)] | \(1\) | [-–•*]\s ) ) )
      | (?: Exclusions? | Inclusions? | EXCLUSIONS? | INCLUSIONS? | Excluded | Included ) \s? [:：]
      )
    )
    """,
    re.VERBOSE,
)
INLINE_HINT = re.compile(r"[nxNX][Cc][Ll][Uu]")
INLINE_TOPIC = re.compile(
    r"(?<=\s)(?:DISEASE CHARACTERISTICS|PATIENT CHARACTERISTICS|PRIOR CONCURRENT THERAPY|"
    r"PRIOR/CONCURRENT THERAPY):"
)
# words before "inclusion criteria:" that make it part of a sentence
INSIDE_SENTENCE = re.compile(
    r"""
    (?: \b (?: the | see | any | of | to | these | following | per | meet | meets | under | all | other
       | in | above | and | or
             | for | study | with | no | list | general | as )
      | [(,/] ) $
    """,
    _X,
)
