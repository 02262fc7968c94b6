"""The text layer: from an eligibility text to headings, criteria and sentences, and the section in a page.

``segment.segment`` cuts a text, ``locate.locate_section`` finds the section in a page.  The other modules are
its steps: ``lines`` (rejoining), ``markers`` (bullets and numbers), ``headings`` with ``heading_forms`` and
``groups``, ``items`` (what lies inside one line), ``nesting`` (parents), ``prose`` (paragraphs and flat
lists), ``outline`` (all of them together), ``sentences``, ``logic`` (how children combine).
"""
