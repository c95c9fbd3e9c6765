// Every link of every page leads somewhere.

import assert from "node:assert/strict";

import { address, looks, visit } from "./browser.js";
import { pages } from "./pages.js";

visit("every link of every page leads somewhere", looks.light, async (page) => {
  const links = new Set();
  for (const [, from] of pages) {
    await page.goto(from);
    const found = await page.locator("a[href]").evaluateAll((all) => all.map((link) => link.getAttribute("href")));
    found.forEach((link) => links.add(new URL(link.split("#")[0], page.url()).href));
  }
  // A page names its own address, and some of them are wrong on purpose.
  pages.filter(([, , status]) => status !== 200).forEach(([, wrong]) => links.delete(address + wrong));
  assert.ok(links.size > 100, `${links.size} links`);
  const broken = [];
  for (const link of links) {
    const response = await page.request.get(link);
    if (!response.ok()) broken.push(`${response.status()} ${link}`);
  }
  assert.deepEqual(broken, []);
});
