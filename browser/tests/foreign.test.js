// What packages bring is text: it is shown, and it does nothing.

import assert from "node:assert/strict";

import { looks, visit } from "./browser.js";
import { hostilePages } from "./pages.js";

for (const [what, address] of hostilePages) {
  visit(`${what}: nothing in it is run or loaded`, looks.light, async (page) => {
    await page.goto(address);
    assert.equal(await page.evaluate(() => window.hit), undefined);
    assert.equal(await page.locator("script").count(), 1, "our own");
    assert.equal(await page.locator("main :is(img, link, iframe, style, script)").count(), 0);
  });
}

visit("foreign source is read in the order in which it is compiled", looks.light, async (page) => {
  const [, sites] = hostilePages.at(-1);
  await page.goto(sites);
  const text = await page.getByRole("main").innerText();
  assert.match(text, /<script>window\.hit=1<\/script>/, "markup is shown as it is written");
  assert.match(text, /⟨U\+202E⟩/, "and what would turn the line around is seen");
  assert.doesNotMatch(text, /[\u202a-\u202e\u2066-\u2069]/);
});
