"""Patterns of how something was established, built from ``lexicon/data/binding.toml``.

Which entities are such methods, and not asked for themselves, is decided in :mod:`eligex.binding.unstated`.
"""

from __future__ import annotations

import re

from eligex.binding.word_lists import LISTS as _W
from eligex.lexicon.patterns import any_of, compiled

_ARTICLE = rf"(?: {any_of(_W.articles)} \s+ )?"
# "stenosis [seen on the ]CT, duplex", "[confirmed by two independent ]tests", "[seen on angiography, or ]CT",
# "[documented within the past year by one of the following: ]CT"
_AFTER_MEMBER = r"(?: \s? , (?: \s (?: or | and ) )? | \s (?: or | and ) ) \s+"
_MEMBER = rf"[\w\-/]+ (?: \s [\w\-/]+ ){{0,2}}? (?: \s \( [\w\-]{{1,12}} \) )? {_AFTER_MEMBER}"
ESTABLISHED = compiled(
    rf"""
    \b (?: {any_of(_W.established)}
          | {any_of(_W.establishing)} \s+ (?: (?: within | in | at ) \s [^,.;:()]{{3,30}} \s )?
            {any_of(_W.means)} )
    \s+ (?: {any_of(_W.one_method)} \s+ )? {_ARTICLE} (?: (?! {any_of(_W.results)} ) [a-z\-]+ \s+ )?
    (?P<listed> (?: {_MEMBER} ){{0,3}} ) $
    """,
)
# "[according to the 2010 College of Gout] (CG) [classification criteria]"
BY_CRITERIA = re.compile(r"\baccording\sto\s[^.;\n]{0,50}\($", re.IGNORECASE)
CRITERIA = re.compile(r"\)[^.;,\n]{0,60}\bcriteria\b", re.IGNORECASE)
TESTS = compiled(rf"\b {any_of(_W.tests)} \b")
# "CT[, ]MRI[, or ]ultrasound[ and the ]biopsy"
NEXT_METHOD = compiled(
    rf"\s* {any_of(_W.other_methods)} \s+ {_ARTICLE} (?: initial \s+ )?"
    rf"| [\s,/]*+ (?: \b {any_of(_W.list_joints)} \b )? [\s/]*+ {_ARTICLE}",
)
