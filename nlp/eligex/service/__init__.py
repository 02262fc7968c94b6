"""``eligex serve``: the extraction as a page and as a service, on this machine unless asked otherwise.

``app`` has the routes, ``workers`` the processes that extract, ``guard`` the limits, ``pages`` the HTML.  No
text is stored or logged; corrections are written where the user says, and nowhere without that.
"""

from __future__ import annotations

from eligex.service.settings import Settings

__all__ = ["Settings"]
