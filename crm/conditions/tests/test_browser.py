"""Rows edited in the page, with the keyboard's own controls, then saved by the plain form."""

from __future__ import annotations

import os

import pytest

from .builders import people

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("crm.conditions.tests.editor_urls")]


def test_rows_are_added_changed_and_removed_in_the_page(page, live_server):
    people(3)
    page.goto(f"{live_server.url}/rule/")
    page.get_by_role("button", name="Condition", exact=True).click()
    page.get_by_label("Field", exact=True).select_option("user.name")
    page.get_by_label("Value", exact=True).fill("ada")
    page.get_by_role("button", name="Group", exact=True).click()
    inner = page.get_by_role("group", name="Inner group of conditions")
    inner.get_by_label("Field", exact=True).select_option("user.availability")
    inner.get_by_label("Comparison", exact=True).select_option("any_of")
    inner.get_by_label("Add a value", exact=True).select_option("away")
    inner.get_by_label("Add a value", exact=True).select_option("available")
    inner.get_by_role("button", name="Remove Away").click()
    inner.get_by_role("button", name="Condition", exact=True).click()
    inner.get_by_label("Field", exact=True).nth(1).select_option("user.seen")
    inner.get_by_label("Comparison", exact=True).nth(1).select_option("in_last")
    inner.get_by_label("Value", exact=True).last.fill("7")
    page.get_by_role("button", name="Condition", exact=True).last.click()
    page.get_by_role("button", name="Remove condition: Choose a field").last.click()
    assert page.locator("[data-cond-status]").inner_text() == "Condition removed"
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=f"{folder}/conditions.png")
    page.get_by_role("button", name="Save").click()
    saved = page.locator("output").inner_text()
    assert "'value': ['available']" in saved and "{'n': 7, 'unit': 'days'}" in saved and "'any'" in saved


def test_enter_in_a_value_saves(page, live_server):
    page.goto(f"{live_server.url}/rule/")
    page.get_by_role("button", name="Condition", exact=True).click()
    page.get_by_label("Field", exact=True).select_option("user.name")
    page.get_by_label("Value", exact=True).fill("ada")
    page.get_by_label("Value", exact=True).press("Enter")
    assert "'value': 'ada'" in page.locator("output").inner_text()
