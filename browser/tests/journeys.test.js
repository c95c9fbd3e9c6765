// The whole way by mouse, by finger, and without scripts; and looking a project up that was not read.

import assert from "node:assert/strict";

import { looks, visit } from "./browser.js";
import { journey, lookUp, searchingBy } from "./journey.js";

const click = (target) => target.click();
const tap = (target) => target.tap();

visit("from a name to a line of source and back, by mouse", looks.light, (page) =>
  journey(page, searchingBy(page, click), click));

visit("from a name to a line of source and back, by finger", looks.phone, (page) =>
  journey(page, searchingBy(page, tap), tap));

visit("from a name to a line of source and back, without scripts", looks.withoutScripts, (page) =>
  journey(page, searchingBy(page, click), click));

visit("a project that was not read is looked up, and its page fills in", looks.light, (page) =>
  lookUp(page, "asked-by-mouse", click));

visit("a project that was not read is looked up, and its page fills in without scripts", looks.withoutScripts, (page) =>
  lookUp(page, "asked-without-scripts", click));

visit("a list is narrowed down and sorted, without scripts", looks.withoutScripts, async (page) => {
  await page.goto("/projects");
  await page.getByRole("main").getByRole("searchbox", { name: "Name contains" }).fill("string");
  await page.getByRole("main").getByLabel("Target").selectOption("abi3-3.12");
  await page.getByRole("main").getByRole("button", { name: "Show" }).click();
  await page.waitForURL(/q=string/);
  const rows = page.getByRole("main").getByRole("rowheader");
  assert.deepEqual(await rows.allInnerTexts(), ["stringlib"]);
  assert.equal(await page.getByLabel("Target").inputValue(), "abi3-3.12");

  await page.goto("/projects");
  const first = await rows.first().innerText();
  await page.getByRole("columnheader", { name: "Project" }).getByRole("link").click();
  await page.waitForURL(/desc=1/);
  assert.notEqual(await rows.first().innerText(), first, "the other end comes first");
});
