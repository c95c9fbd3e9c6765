// Dark screens and paper.

import assert from "node:assert/strict";

import { looks, visit } from "./browser.js";

/** How light the page and its text are, from 0 to 255, as the browser computes them. */
function lightness(page) {
  return page.evaluate(() => {
    const mean = (colour) => colour.match(/\d+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0) / 3;
    const { backgroundColor, color } = getComputedStyle(document.body);
    return { page: mean(backgroundColor), text: mean(color) };
  });
}

visit("a dark screen has a dark page with light text", looks.dark, async (page) => {
  await page.goto("/projects/stringlib");
  const dark = await lightness(page);
  assert.ok(dark.page < 40 && dark.text > 200, JSON.stringify(dark));
});

visit("a screen that turns dark takes the page along", looks.light, async (page) => {
  await page.goto("/projects/stringlib");
  const light = await lightness(page);
  assert.ok(light.page > 240 && light.text < 60, JSON.stringify(light));
  await page.emulateMedia({ colorScheme: "dark" });
  assert.ok((await lightness(page)).page < 40);
});

visit("paper has the answer, and nothing to click on", looks.dark, async (page) => {
  await page.goto("/projects/stringlib");
  await page.emulateMedia({ media: "print" });
  assert.equal((await lightness(page)).page, 255, "white, whatever the screen is");
  for (const gone of [page.getByRole("navigation", { name: "Pages" }), page.getByRole("searchbox")]) {
    assert.equal(await gone.count(), 0);
  }
  assert.ok(await page.getByRole("heading", { level: 1, name: "stringlib" }).isVisible());
  assert.ok(await page.getByRole("link", { name: "PyTuple_GET_ITEM" }).first().isVisible());
  assert.ok((await page.pdf()).length > 10_000, "and it can be printed");
});

visit("a visitor who wants no motion gets none", { ...looks.light, reducedMotion: "reduce" }, async (page) => {
  await page.goto("/projects/stringlib");
  const moving = () => page.locator("*").evaluateAll((all) => all.filter((one) => getComputedStyle(one).transitionDuration !== "0s").length);
  assert.equal(await moving(), 0);
  await page.emulateMedia({ reducedMotion: "no-preference" });
  assert.notEqual(await moving(), 0);
});
