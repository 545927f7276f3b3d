"""What each HTML element does to the text around it; a name that is in no set is inline."""

from __future__ import annotations


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


SKIP = _names(
    """script style template noscript head iframe object embed svg canvas audio video select datalist nav
    textarea button map rt rp math del s strike"""
)
"""Not running text of the page; ``rt`` is the reading above a character, ``del`` what was struck out."""
HEADINGS = _names("h1 h2 h3 h4 h5 h6")
BLOCKS = HEADINGS | _names(
    """p div section article main header footer aside address blockquote center ul ol li dl dt dd pre
    listing form fieldset legend figure figcaption details summary hr br body caption tbody thead tfoot html
    dir menu"""
)
"""A line ends before and after them."""
PRE = _names("pre listing")
"""Line breaks in them count."""
APART = _names("img sup sub")
"""What stands in them is no part of the word or number before: a picture, a note's number."""
NOT_INLINE = BLOCKS | SKIP | APART | _names("td th tr table -document -comment -doctype")
LIGHT = _names(
    """p li td th tr tbody thead tfoot dt dd option optgroup rt rp rb rtc colgroup col caption br hr img input
    meta link area base embed param source track wbr html head body frame basefont bgsound keygen"""
)
"""Closed by the parser when a sibling opens, or empty: they do not nest by themselves."""
LOOKS = _names("span font b strong i em u a o:p st1:chsdate big small")
"""They change nothing but the looks of what stands in them."""
WRAPPERS = LOOKS | _names("p div center")
"""Around a single line they change nothing but its looks."""
CHECK_PAGE = "gongkai check page"
"""Generator of our own check pages (``<meta name="generator">``), which show a report and are none."""
