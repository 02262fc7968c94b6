"""Results to look at: a page for the browser, and compact HTML for notebooks.

A pure core: results and texts in, a string of HTML out.  Nothing here extracts or writes a file.
"""

from __future__ import annotations

from eligex.view.notebook import Html, display
from eligex.view.page import MAX_TRIALS, page
from eligex.view.texts import View, view_of, views_of

__all__ = ["MAX_TRIALS", "Html", "View", "display", "page", "view_of", "views_of"]
