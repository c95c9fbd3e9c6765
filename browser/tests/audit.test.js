// Every page in every look: it is there, axe finds nothing serious, and it is as wide as its screen.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

import { looks, visit } from "./browser.js";
import { pages } from "./pages.js";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** A folder to leave a picture of every page in, for people. */
const pictures = process.env.ABISCOPE_PICTURES;

for (const look of ["light", "dark", "phone"]) {
  for (const [what, address, status] of pages) {
    visit(`${what}, ${look}`, looks[look], async (page) => {
      const response = await page.goto(address);
      assert.equal(response.status(), status);
      await audit(page, `${what}, ${look}`);
    });
  }

  visit(`a project that is being read, ${look}`, looks[look], async (page) => {
    // Its index page never answers, so once it is asked for it stays like this.
    await page.goto("/projects/never-read");
    const button = page.getByRole("button", { name: /read/i });
    if (await button.count()) await button.click();
    await page.getByRole("status", { name: "Being read" }).waitFor();
    await audit(page, `being read, ${look}`);
  });
}

async function audit(page, name) {
  // A page that looks again by itself waits while somebody is typing.
  if (await page.locator("body[data-reload]").count()) await page.getByRole("searchbox").first().focus();
  if (pictures) await page.screenshot({ path: path.join(pictures, `${name}.png`), fullPage: true });
  assert.deepEqual(await tooWide(page), [], "nothing is wider than the screen");
  assert.deepEqual(await violations(page), [], "axe finds nothing serious");
}

/** What axe finds serious or critical: its rule, and the elements. */
async function violations(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
  const serious = found.violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  return serious.map(({ id, help, nodes }) => ({ id, help, nodes: nodes.map(({ target, html }) => ({ target, html })) }));
}

/** What makes the page scroll sideways: nothing, or the elements that stand out of it. */
function tooWide(page) {
  return page.evaluate(() => {
    const wide = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= wide) return [];
    const out = [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > wide + 1);
    return [document.documentElement.scrollWidth, ...out.map((one) => one.outerHTML.slice(0, 120))];
  });
}
