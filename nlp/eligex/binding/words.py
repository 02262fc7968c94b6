"""Patterns that link a value to the entity it measures, built from ``lexicon/data/binding.toml``.

Each pattern reads the text beside a value expression; which entity is chosen is decided in
:mod:`eligex.binding.heads` and :mod:`eligex.binding.limits`.  Those of windows are in
:mod:`eligex.binding.window_words`.
"""

from __future__ import annotations

import re

from eligex.binding.word_lists import LISTS as _W
from eligex.lexicon.patterns import any_of, compiled, keys_of

RESULTS = _W.results
KNOWN = _W.known
LEADS_ON = _W.leads_on
NO_CASES = _W.no_cases
NEEDS = _W.needs
PRESENT = _W.present
NEED_KEYS = keys_of(NEEDS)
NEXT_NEED = compiled(r"(?<! \s ) \s+ (?: and/or | or | and ) \s")
NEED = compiled(rf"\b {any_of(NEEDS)} \b (?! \s+ (?: no | only ) \b )")
# "with arrhythmia[, requiring] drugs", "infection [that required] surgery"; "gout or requiring" is none
LINKS_NEED = compiled(
    rf"""(?: \s* \( | (?: \( [^()]{{0,60}} \) | (?! \b(?: or | and ) \b ) [^;:()] ){{0,60}} )
    (?<! \w ) {any_of(NEEDS)} \b [^,;:()]{{0,60}}"""
)
# "treatment [with] steroids", "the [use of] oxygen"; "[cessation of treatment]" is one thing
DONE_WITH = compiled(rf"\b {any_of(_W.done_with)} \s")
OF_ANOTHER = compiled(r"(?<! \s ) \s+ of \s")
ADJECTIVE = compiled(rf"(?: .* [\s\-] )? \w* {any_of(_W.adjective_ends)}")
# "requiring [a] stent", "requiring [either] steroids or"
BEFORE_NEEDED = compiled(rf"\s* (?: {any_of(_W.articles)} | either | any ) \s+")
RULED_OUT = _W.ruled_out
EXEMPTING = _W.exempting | _W.exempting_denied
EXEMPTING_DENIED = _W.exempting_denied
EXEMPTING_AT = _W.exempting_at
TELLING = _W.telling
TELLING_DENIED = _W.telling_denied
MODALS = _W.modals
RELATIVES = _W.relatives
FERTILE = _W.fertile
CONTRASTING = frozenset((first, second) for first, second in map(str.split, _W.contrasting))
AFFIRMING = _W.affirming
NEGATING = _W.negating
LACKS = _W.lacks
GOOD = _W.good
LASTING_TERMS = _W.lasting
PERMITTED = _W.permitted
RECOVERIES = keys_of(_W.recovered | _W.unrecovered)
_ARTICLE = rf"(?: {any_of(_W.articles)} \s+ )?"
_DETERMINER = rf"(?: \s+ {any_of(_W.articles | _W.possessives)} )?"

# "grade", "a total score", "CTCAE grade"
GENERIC_SCALE = compiled(
    rf"(?: {any_of(_W.articles)} \s++ )? {any_of(_W.scale_prefixes)}? \s* {any_of(_W.scale_nouns)}"
)
# "grade III[ ]heart failure", "grade 2[ or higher ]"
SCALE_OF = compiled(rf"\s*+ {any_of(_W.scale_of)}? \s*")
# "advanced (stage III[) or metastatic (stage IV) ]melanoma"
SCALE_IN_BRACKETS = compiled(
    rf"""
    \) \s* (?: (?: ,? \s* (?: or | and | and/or ) | , ) \s+ (?: [\w\-]+ \s+ ){{1,4}}
           \( {any_of(_W.scale_nouns)} \s [^()]{{1,30}} \) \s* ){{0,2}}
    """
)
_GONE_DOWN = rf"(?: {any_of(_W.scale_auxiliaries)} \s+ ){{0,5}} {any_of(_W.recovered)}"
# "diarrhea[ ≥ ]grade 2", "toxicity[ has not yet resolved or improved to ]grade 1"
SCALE_TO = compiled(
    rf"""
    [\s,(:]* (?: (?P<gone> {_GONE_DOWN} ) (?: \s+ or \s+ {_GONE_DOWN} )? [\s(]+ (?: (?: back | down ) \s+ )?
                to [\s(:]+ (?: {any_of(_W.articles)} [\s(:]+ )?
              | (?: {any_of(_W.scale_to)} [\s(:]* ){{0,3}} )
    """
)
# "a score of 24[ on the ]Folstein", "recovered (grade ≤ 1[ or baseline) from ]toxicities"
SCALE_ON = compiled(
    rf"""
    (?: \s+ or \s+ (?: (?: back \s+ )? to \s+ )? (?: their \s+ )? baseline )?
    [\s,)]* {any_of(_W.scale_on)} \s+ {_ARTICLE}
    """
)
# "≤ 3 × ULN[ (]≤ 5", "> 30[ or ]< 18", "3 months[ - ]5 years"
NEXT_LIMIT = compiled(
    rf"[\s,/;()\[\]:\\\-–—−]*+ (?: {any_of(_W.next_limit)} \b [\s,(\[\\]*+ ){{0,3}} [()\[\]\s\\]*"
)
# "10 mg[ daily of ]prednisone", "3[ or more prior ]relapses"
FOLLOWING_THING = compiled(rf"[\s)]* (?: (?: {any_of(_W.following)} | per\s\w+ ) [\s,]+ ){{0,4}}")
# "life [expectancy] of more than 3 months"
OWNS_DURATION = compiled(rf"\b (?! {any_of(_W.owns_no_duration)} \b ) {any_of(_W.owns_duration)} \b")
HAS_NO_AGE = compiled(rf"{OWNS_DURATION.pattern} | \b {any_of(_W.has_no_age)} \b")
# "two or more [episodes of any ]wheezing"
HAPPENINGS_OF = compiled(
    rf"(?: [a-z\-]+ \s+ ){{0,2}} {any_of(_W.happenings)} \s+ of \s+ (?: any \s+ | {_ARTICLE} )"
)
# "[stage] I-III", "[CTC grade] ≥ 2"
STANDS_ALONE = compiled(rf"{any_of(_W.scale_alone_prefixes)}? \s* {any_of(_W.scale_alone)}")
# "temperature [on ]admission < 30 °C"
CIRCUMSTANCE = compiled(
    rf"(?P<preposition> \b {any_of(_W.circumstance)} \s+ (?: (?: the | an? | each ) \s+ )? ) $"
)
# "[with ]itch intensity of at least 4"
OPENS_PHRASE = compiled(rf"(?: ^ | [:;,(\-•*–] | \b {any_of(_W.opens_phrase)} {_DETERMINER} ) \s* $")
# "stroke (< 1 year[), or] gout"
LIST_GOES_ON = re.compile(r"\s*[)\]]\s*(?:,|(?:and|or)\b)", re.IGNORECASE)
# "fall[;]", "seizure[; or]"
CUT = re.compile(r"[;；]\s*(?:and|or|and/or)?\s*$", re.IGNORECASE)
# "ICU stay[ ]> 48 hours", "epilepsy[ (]> 2 years"
BESIDE_HEAD = re.compile(r"\s*+[(\[,:]?\s*")
# "two visits, 3 or more months[ apart]"
APART = re.compile(r"\s+apart\b", re.IGNORECASE)
# "oxygen saturation [(by pulse oximetry)] < 92%"
BRACKETED = re.compile(r"[(\[][^()\[\]]{0,80}[)\]]")
# "Clinical Activity Score[ (CAS)]"
SHORT_FORM = re.compile(r"\s?\(\s?[A-Za-z][\w\-/]{0,11}\s?\)")
# "3 and 5 × ULN[, respectively]"
PAIRED = compiled(rf"(?<! [\s,;(\[] ) (?: \s+ [^\W\d]{{1,20}} ){{0,2}} [\s,;(\[]* {any_of(_W.paired)} \b")
# "ALT[ and ]AST", "3[, ]5[, and ]8 × ULN"
LISTED = compiled(rf"(?= \s* \S ) [\s,;/&]*+ (?: {any_of(_W.list_joints)} \s*+ )? [/\s]*")
# "3 and 5 × ULN[ for ]ALT and AST, respectively"
LIMIT_OF = compiled(rf"\s* {any_of(_W.limit_of)} \s+ {_ARTICLE}")
# "> 10 ppm[ ]nitric oxide", "> 14 units[ of ]wine"
_NO_THING = rf"(?! {any_of(_W.no_things)} \b )"
OF_THING = compiled(rf"\s+ (?: {any_of(_W.thing_of)} \s+ )? {_ARTICLE} {_NO_THING}")
# "a vessel [with ]> 50% stenosis"
SHOWS = compiled(rf"\b {any_of(_W.shows)} \s+ {_ARTICLE} $")
# "14 units of [alcohol] per week"
THING_INSIDE = compiled(rf"\b {any_of(_W.thing_of)} \s+ {_ARTICLE} (?P<thing> [^\W\d]+ )")
# "No cancer, [except:]"
EXEMPTING_ITEMS = compiled(rf"\b {any_of(_W.exempting_items)} \W* $")
# "[prior treatment with] any of these:"
IS_TREATED = compiled(rf"{any_of(_W.lead_treated)} $")
# "[known] history of any of the following:"
STATUS_OF_ITEMS = compiled(
    rf"""
    \W* (?: {any_of(_W.lead_openings)} \s+ ){{0,5}}
    (?: (?P<family> {any_of(_W.lead_family)} ) | (?P<past> {any_of(_W.lead_past | _W.lead_treated)} ) )
    \s* (?: : | \s {any_of(_W.lead_lists)} \b )
    """
)
# "[one of] the following is allowed:"
ASKS_FOR_ITEMS = compiled(rf"\b {any_of(_W.asks_for_items)} \b")
# "except the [following] skin cancers"
STANDS_FOR_ITEMS = compiled(rf"\b {any_of(_W.stands_for_items)} \b")
# "28 weeks' [gestational age]"
GESTATION = compiled(r"\b gestation (?: al \s+ age )? \b")
# "aspirin is allowed, [but] heparin is not"
BREAKS = compiled(rf"\b {any_of(_W.breaks)} \b")
# "gout [that ]is not eligible for surgery"
DESCRIBES_AS = compiled(rf"\b {any_of(_W.describes_as)} \s+ $")
# "gout not eligible[ for surgery]"; "not eligible for this trial" refuses
FOR_ANOTHER = compiled(rf"\s+ for \s+ (?! {any_of(_W.this_study)} \b )")
# "not eligible for[ the usual ]surgery"
TO_ANOTHER = re.compile(r"(?:[\w\-]+\s+){0,2}")
# "gout, [unless] mild, is excluded"
FREES = compiled(rf"\b {any_of(_W.frees)} \b")
# "toxicities[ must have recovered to ]grade ≤ 1"
RECOVERS_TO = compiled(
    rf"\s+ {any_of(_W.must_have)} \s+ (?: [\w\-]+ \s+ ){{0,3}}? {any_of(_W.recovered)} \s+ to \b"
)
# "toxicity that has [not resolved to] grade 1", "… [not recovered] (grade ≤ 1)"
_NOT = r"(?: not | never | n['’]t )"
NOT_RECOVERED = compiled(
    rf"(?P<cue> {_NOT} (?: \s+ \w+ ){{0,4}}? \s+ {any_of(_W.recovered)} \b (?: \s+ to \b )?)"
)
# "[not recovered] from all [adverse ]events"
NOT_RECOVERED_FROM = compiled(
    rf"""(?P<cue> {any_of(_W.unrecovered)} | {_NOT} (?: \s+ \w+ ){{0,2}} \s+ {any_of(_W.recovered)} )
    (?: \s+ (?!from|of) [\w\-]+ ){{0,3}}? (?: \s* \( [^()]{{1,60}} \) )? \s+ (?: from | of )
    (?: [,\s]+ [\w\-/]+ ){{0,6}} [,\s]* $"""
)
# "but [no oral steroids are permitted]", "[no aspirin allowed]"; "no pain, but gout allowed" permits gout
NONE_PERMITTED = compiled(
    rf"\b no \s (?: (?! {any_of(_W.breaks)} \b ) [^.;:,()] ){{1,100}}? \s {any_of(_W.permitted)} \b"
)
# "psoriasis[ - ]mild psoriasis is allowed"
DASH_BEFORE = re.compile(r"\s[-–—]\s+$")
# "[up to] 3 lines are allowed"; in "one line is allowed", the number alone sets no limit
AT_MOST = compiled(r"\b (?: up \s to | max\w* | at \s most | no[t]? \s more | fewer | less ) \b | [<≤]")
# "excluded[ if they] have gout", "excluded[ from this study if they] have gout"
_FROM_STUDY = r"(?: \s+ from (?: \s+ [\w\-]+ ){1,6}? )?"
WHERE_REFUSED = compiled(rf"{_FROM_STUDY} \s+ {any_of(_W.where_refused)} \b")
# "[not excluded if] they have gout", "[not formally excluded for] asthma"
EXCLUDES_NONE = compiled(
    rf"""
    \b not \s (?: be \s | formally \s | necessarily \s | automatically \s ){{0,2}} excluded {_FROM_STUDY} \s+
    (?: {any_of(_W.where_refused | _W.grounds)} ) \b
    """
)
# "[refrain from] smoking[ or ]alcohol", "avoid sun[, ]wear a hat" asks for something else
AVOIDS = compiled(rf"{any_of(_W.avoids)} \b")
AVOIDS_KEYS = keys_of(_W.avoids)
AVOIDED_TOO = compiled(
    rf"\s*+ (?: ,? \s*+ (?: and/or | or ) | , ) \s+"
    rf" (?: (?: {any_of(_W.articles)} | other | any ) \s+ ){{0,2}}"
)
ANOTHER_ACT = compiled(rf"\b {any_of(_W.another_act)} \b")
# "HIV testing [is not required]"; "patients are not required to undergo MRI" says it of something else
NOT_ASKED = compiled(rf"\b {any_of(_W.not_asked)} \b (?! \s+ to \b (?! \s+ be \b ) )")
NOT_ASKED_KEYS = keys_of(_W.not_asked)
TO_NOT_ASKED = compiled(rf"\s* (?: {any_of(_W.asked_for)} \s+ ){{0,2}}")
# "insulin is [not considered a] systemic treatment"
UNCOUNTED = compiled(
    rf"""
    \b (?: (?: is | are | was | were | will | should | would ) \s (?: \w+ly \s )? )? {any_of(_W.uncounted)} \b
    """
)
UNCOUNTED_KEYS = keys_of(_W.uncounted)
# "[patients with gout due to asthma] are not eligible"
SUBJECT_OF_REFUSAL = compiled(
    rf"""[\s\W]{{0,9}} (?: [\w\-]+ : \s* )? (?: [\w\-]+ \s+ ){{0,2}} {any_of(_W.grouped_people)}
    \s+ (?: with | who | whose | having | that | on | receiving ) \b
    (?: (?! \b (?: must | should | required | eligible | allowed | permitted ) \b ) . )*"""
)
# "[HIV] negative", "[hepatitis B virus (HBV)] negative"
INFECTION = compiled(rf"{any_of(_W.infections)} (?: \s* \( [^()]{{1,12}} \) )?")
# "negative[ for ]HIV"
RULED_OUT_FOR = re.compile(r"\s+for\b", re.IGNORECASE)
# "[planning] surgery or epilepsy", "planning [pregnancy]"
PLANS = compiled(any_of(_W.plans))
PLANNABLE = compiled(rf"\b {any_of(_W.plannable)}")
# "excision [within ]5 cm of the lesion"
NEAR_BY = compiled(r"within \b")
# "[donation] or loss of > 500 mL of blood"
GIVEN, LOST = (compiled(rf"\b {any_of(words)} \b") for words in (_W.given, _W.lost))
ALTERNATIVE = compiled(r"\b (?: or | and/or ) \b")
# "no hypertension[, defined as ]SBP > 160", "no gout[ in the past year as shown by ]urate > 9"
EXPLAINS = compiled(
    rf"(?: \s+ [\w\-]+ ){{0,6}}? \s*+ ,? \s*+ {any_of(_W.explains)} [\s,:]+ (?: [\w\-]+ \s+ ){{0,4}}"
)
# "≤ 5 × ULN[ is acceptable ]if icteric", "> 470 ms[ (]for women"
BEFORE_CONDITION = compiled(rf"[\s(\[]* (?: {any_of(_W.accepted)} [\s(\[]* )?")
# "patients with gout are [eligible] if urate < 6"; "aspirin is allowed if INR < 3" admits nobody
ADMITS = compiled(rf"\b {any_of(_W.admits)} \b")
# "gout is allowed[, provided that] all of the following are met:"
ON_TERMS = compiled(rf"[\s,]* (?: only \s )? {any_of(_W.on_terms)} \b")
# "unable to walk[ due to ]arthritis"
CAUSED_BY = compiled(rf"[\s,]* {any_of(_W.caused_by)} \b")
WITH_CAUSE = compiled(rf"\b {any_of(_W.caused_by - {'from'})} \b")
# "unable to [swallow] tablets"
ABILITY = compiled(rf"{any_of(_W.abilities)} \b")
# "[LVEF] < 40%", "[bradycardia] (heart rate < 50)"
BAD_WHEN_LOW = compiled(rf"\b {any_of(_W.bad_when_low)} \b")
LOW_STATES = compiled(rf"\b {any_of(_W.low_states)}")
# The words that may be the entity of an age, the most specific first.
AGE_WORDS = (
    compiled(rf"\b {any_of(_W.age_words)} \b"),
    compiled(rf"\b {any_of(_W.old_words)} \b"),
    compiled(rf"\b {any_of(_W.comparative_words)} \b (?! \s+ {any_of(_W.compared_people)} )"),
    compiled(rf"(?<![^\W\d]) {any_of(_W.age_units)} \b"),
)
# "6 months[ to ]5 years", "≥ 6 months[ and ]≤ 5 years", "3 months[ up to ]16 years"
JOINS_ENDS = compiled(r"[\s,]*+ (?: [\-–—−~] | \b (?: and | to | up \s to | through | until ) \b )? \s*")
# "[adult] patients (≥ 18 years", "[children] > 5 years"
AGE_GROUP = compiled(
    rf"\b (?P<who> {any_of(_W.age_groups)} ) (?: \s+ {any_of(_W.grouped_people)} )? [\s,:(]* $"
)
# "[adult] patients (", "[children] "
GROUPED = compiled(rf"(?: \s+ {any_of(_W.grouped_people)} )? [\s,:(]*+")
A_GROUP = compiled(any_of(_W.age_groups))
# "[patients] < 18"
PEOPLE_AGED = compiled(rf"\b (?P<who> {any_of(_W.grouped_people)} ) [\s,:(]* $")
# "[performance status]: [ECOG] 0-1"
PERFORMANCE = compiled(any_of(_W.performance))
_ON = rf"{any_of(_W.read_on)} \s+ (?: {any_of(_W.articles)} \s+ )?"
PERFORMANCE_SCALE = compiled(rf"{any_of(_W.performance_scales)} \b")
# "[self-identifies] as"
SELF_SAID = compiled(any_of(_W.self_said))
HEALTHY = _W.healthy
# "positive[ test for ]HIV"
MARKER_RESULT = compiled(any_of(_W.marker_results | _W.results))
# "HER2[+] cancer", "ER[-]/PR[-]"; of "IgG- and IgM-positive" and "PR+/-" nothing is said
_NO_RESULT = any_of({"and", "or", "to", "expressing"} | _W.results)
RESULT_SIGN = compiled(
    rf"\+{{1,3}} (?! [\w+\-−–] | / [\-−–] ) | [-−–] (?= [)\]/;.] | \s+ (?! {_NO_RESULT} \b ) [a-z] )"
)
TESTED_FOR = compiled(rf"\s* {any_of(_W.tested_for)} \s*")
# "performance status[ of ]ECOG 0-1", "performance status 0-1[ (]ECOG", "0-1[ by the ]ECOG scale"
READ_ON_PERFORMANCE = compiled(
    rf"\s*+ (?: [(\[,:] \s* | of \s+ (?: {any_of(_W.articles)} \s+ )? | [)\]]? \s*+ {_ON} )?"
)
# "pain > 4[ on the ]McGill [scale]"
READ_ON = compiled(rf"[\s,)]* {_ON} (?: [\d\s–-]+ (?: points? | items? )? \s )?")
INSTRUMENT = compiled(rf"\b {any_of(_W.instruments)} (?: \s* [(\[] [^()\[\]]{{0,30}} [)\]] )? $")
CHANGES = compiled(rf"\b {any_of(_W.changes)} \b")
# "[adequate renal and hepatic function, as defined below]: creatinine < 2", "[normal liver function] (ALT"
_ORGAN = any_of(_W.organs)
SPELLED_OUT = compiled(
    rf"""
    \b {any_of(_W.adequate)} \s+
    (?P<function> {_ORGAN} (?: [\s,/]+ (?: (?: and/or | and | or | & ) \s+ )? {_ORGAN} ){{0,5}}
        \s+ {any_of(_W.functions)} \b )
    (?: (?P<open> \s* (?: [:(] | \n ) ) | [^.;:\n]{{0,90}}? \b {any_of(_W.spelled_out)} \b )
    """
)
SPELLED_OUT_KEYS = keys_of(_W.functions)
# "[adequate] [renal, hepatic and bone marrow] function"
ORGAN = compiled(rf"\b {_ORGAN} (?! \w )")
_ORGANS = rf"(?P<organs> {_ORGAN} (?: [\s,/]+ (?: (?: and/or | and | or | & ) \s+ )? {_ORGAN} ){{0,5}} )"
ORGANS_FUNCTION = compiled(
    rf"\b (?P<how> {any_of(_W.adequate - {'adequate bone'})} ) \s+ {_ORGANS} \s+ {any_of(_W.functions)} \b"
)
# "(140 [- ]age) × weight", "ALT in the normal range [for ]age"
AGE_OF_FORMULA = re.compile(r"\b140\s{0,2}[-–—−]\s{0,2}$")
AGE_OF_NORM = re.compile(
    r"\b(?:normal|ULN|LLN|limits?|ranges?|values?|predicted|percentiles?)\)?\s+for\s+(?:the\s+)?(?:patient['’]?s?\s+)?$",
    re.IGNORECASE,
)
# "[drugs][ or foods that are known to be strong ]CYP3A4 inhibitors"
GENERIC_DRUG = compiled(any_of(_W.generic_drugs))
_KIND = rf"(?: [\s,/]+ (?: (?: and/or | and | or ) \s+ )? {any_of(_W.generic_drugs)} ){{0,3}}"
THAT_ACTS = compiled(rf"{_KIND} \s+ (?: that | which ) \s+ (?: are | is ) \b [^.;:()\n]{{0,70}} $")
ACTING = compiled(rf"\b {any_of(_W.acting)} \b")
# "[parent]", "[his/her parents or legal guardian]"
_ACTORS = any_of(_W.actors)
_WHOSE = r"(?: (?: the | a | an | their | his/her | his | her | (?: the \s+ )? \w+ ['’] s? ) \s+ )?"
_NEXT_ACTOR = rf"""
    (?: [\s,/]* (?: \( | (?: and/or | or | and ) \s+ )? (?: legal(?:ly)? \s+ )?
        {_WHOSE} {_ACTORS} (?! \w ) \)? ){{0,3}}
"""
ACTORS = compiled(rf"(?: {_ARTICLE} {_WHOSE} {_ACTORS} {_NEXT_ACTOR} )")
# "[parent][ or guardian of the child is ]willing to consent"
ACTS = compiled(
    rf"""
    (?: \(s\) )? {_NEXT_ACTOR} (?: \s+ of \s+ (?: the \s+ )? \w+ )? (?: ,? \s+ who )?
    (?: \s+ (?: is | are | must | must \s be | being | has | have | to \s be ) )? [\s,]+ {any_of(_W.acts)} \b
    """
)
# "[consent of parent or ]guardian"
THEIRS = compiled(
    rf"""
    \b {any_of(_W.theirs)} \s+ (?: of | from | by ) \s+ {_ARTICLE} {_WHOSE}
    (?: {_ACTORS} {_NEXT_ACTOR} [\s,/]* (?: (?: and/or | or | and ) \s+ )? )? $
    """
)
# "gout (unless [otherwise stated])", "except for [those outlined above]"
STANDS_FOR_CASES = compiled(
    rf"""
    .* \b {any_of(_W.stands_for_cases)} \b .*
    | (?: (?: those | the | any | all ) \s+ )? {any_of(_W.grouped_people)}
    """
)
# "results [provided by the ]surgeon"
DONE_BY = compiled(rf"\b {any_of(_W.done_by)} \s+ by \s+ {_ARTICLE} $")
# "[stable]", "[clinically unstable]"
STATE = compiled(rf"(?: \w+ly \s+ )? {any_of(_W.states)}")
# "stable[ for] 4 weeks", "stable[,] and well"; not "stable angina"
AFTER_STATE = compiled(
    r"""
    \s* (?: $ | [.,;:()\[\]\n]
           | (?: and/or | and | or | for | at | to | on | from | with | without | prior | before | after
               | during | within | as | but | by | in \s the \s opinion ) \b )
    """
)
# "stable[, and clinically ]asymptomatic"
NEXT_STATE = compiled(r"\s*+ (?: ,? \s*+ (?: and/or | and | or ) \s+ | , \s* ) (?: \w+ly \s+ )?")
# "[patients who are clinically ]stable", "[they are treated, and are ]stable", "[treated and ]stable"
_PEOPLE = rf"(?: {any_of(_W.grouped_people)} | who | they | he | she | he/she )"
STATE_OF_PEOPLE = compiled(
    rf"""
    (?: \b {_PEOPLE} (?: \s+ with \s+ (?: (?! \b (?: that | which ) \b ) [^.,;:()] ){{1,60}}? )?
        (?: \s+ (?: (?! \b (?: that | which ) \b ) [^.;:] ){{1,120}}? (?: , | \b and | \b or ) )?
        \s+ (?: (?: must | should | will | can | also ) \s+ )? {any_of(_W.copulas)}
      | \b {any_of(_W.cured_by)} \b [^.;:]{{0,90}} \s and )
    \s+ (?: (?: \w+ly | either | both | considered | deemed ) \s+ ){{0,2}} $
    """
)
# "infections (except colds)[, steroids]"; ", which must be treated" is no further member
MEMBER_FOLLOWS = compiled(
    rf"""\s{{0,40}} (?: [,/] \s{{0,40}} (?: (?: and/or | and | or ) \s+ )? | (?: and/or | and | or ) \s+ )
    (?! {any_of(_W.no_member)} \b ) \w"""
)
