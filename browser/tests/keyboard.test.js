// By keyboard alone: the slash goes to the search, Tab goes as one reads, Enter follows, and one sees where one is.

import assert from "node:assert/strict";

import { looks, visit } from "./browser.js";
import { journey } from "./journey.js";

/** More stops than any of the pages has. */
const MANY = 400;

visit("from a name to a line of source and back, by keyboard", looks.light, (page) => {
  const search = async (text) => {
    await page.keyboard.press("/");
    await page.keyboard.type(text);
    await page.keyboard.press("Enter");
  };
  const press = async (target) => {
    await tabTo(page, target);
    await page.keyboard.press("Enter");
  };
  return journey(page, search, press);
});

visit("the slash goes to the search and is not typed", looks.light, async (page) => {
  await page.goto("/about");
  await page.keyboard.press("/");
  const search = page.getByRole("banner").getByRole("searchbox");
  assert.ok(await isFocused(search));
  await page.keyboard.type("a/b");
  assert.equal(await search.inputValue(), "a/b", "but once one types it is a character like others");
});

visit("the first stop skips to the content", looks.light, async (page) => {
  await page.goto("/projects/stringlib");
  await page.keyboard.press("Tab");
  const skip = page.getByRole("link", { name: "Skip to the content" });
  assert.ok(await isFocused(skip));
  assert.ok((await skip.boundingBox()).x >= 0, "it is seen while it has the focus");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  assert.equal((await focus(page)).landmark, "MAIN");
});

for (const address of ["/", "/projects", "/projects/stringlib", "/projects/stringlib/2.0/sites?item=PyTuple_GET_ITEM", "/items/PyTuple_GET_ITEM", "/status"]) {
  visit(`Tab goes through ${address} as one reads, and each stop is seen`, looks.light, async (page) => {
    await page.goto(address);
    const stops = [];
    for (let i = 0; i < MANY; i++) {
      await page.keyboard.press("Tab");
      const stop = await focus(page);
      if (!stop || stop.place === stops[0]?.place) break;
      stops.push(stop);
    }
    const places = stops.map(({ place }) => place);
    assert.deepEqual(places, [...places].sort((one, other) => one - other), "in the order of the document");
    assert.deepEqual(stops.filter(({ isSeen }) => !isSeen), [], "each with an outline");
    const landmarks = stops.map(({ landmark }) => landmark).filter((one, i, all) => one !== all[i - 1]);
    assert.deepEqual(landmarks, ["BODY", "HEADER", "MAIN", "FOOTER"]);
    const missed = await page.locator("a[href], button, input:not([type=hidden]), select, summary").evaluateAll((all, places) => {
      const elements = [...document.querySelectorAll("*")];
      const isShown = (one) => one.checkVisibility() && !one.closest("details:not([open]) > :not(summary)");
      return all.filter((one) => isShown(one) && !places.includes(elements.indexOf(one))).map((one) => one.outerHTML);
    }, places);
    assert.deepEqual(missed, [], "everything that can be used is a stop");
  });
}

/** Presses Tab until `target` has the focus. */
async function tabTo(page, target) {
  await target.waitFor();
  for (let i = 0; i < MANY; i++) {
    await page.keyboard.press("Tab");
    if (await isFocused(target)) return;
  }
  assert.fail(`Tab never comes to ${target}`);
}

function isFocused(target) {
  return target.evaluate((element) => element === document.activeElement);
}

/** Where the focus is: the place in the document, the landmark around it, and whether it can be seen. */
function focus(page) {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (!element || element === document.body) return null;
    const { outlineStyle, outlineWidth } = getComputedStyle(element);
    return {
      place: [...document.querySelectorAll("*")].indexOf(element),
      html: element.outerHTML.slice(0, 120),
      landmark: element.closest("header, main, footer, body").tagName,
      isSeen: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2,
    };
  });
}
