"""Designs are whole in both languages and may be stored once their buttons lead somewhere."""

from __future__ import annotations

import pytest

from crm.blocks import merge
from crm.blocks.content import check_content, languages_missing
from crm.blocks.values import Place
from marketing.designs import DESIGNS, designs_for
from marketing.rendering import ROOTS


@pytest.mark.parametrize("design", DESIGNS, ids=lambda design: design.key)
def test_a_design_is_right_in_both_languages(design):
    content = design.content
    for block in content["blocks"]:
        if block["values"].get("address") == "https://":
            block["values"]["address"] = "https://shop.example/"
    assert not languages_missing(check_content(content, Place("mail", roots=ROOTS)), ["en", "zh-hans"])
    for text in design.subject.values():
        merge.check(text, ROOTS)
    assert set(design.subject) == {"en", "zh-hans"}


def test_an_invitation_is_for_events():
    assert "invitation" in {design.key for design in designs_for("event")}
    assert "invitation" not in {design.key for design in designs_for("mail")} and not designs_for("sms")
