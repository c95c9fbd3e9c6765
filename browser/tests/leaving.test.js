// That nothing leaves the machine is looked at in every test. Here it is shown that leaving would be noticed, and that
// the pages forbid it to whatever should get into them.

import assert from "node:assert/strict";
import { test } from "node:test";

import { looks, open } from "./browser.js";
import { left } from "./gate.js";

const ELSEWHERE = "http://elsewhere.invalid/picture.png";

test("a request that leaves is noticed twice: by the page and by the gate", async () => {
  const { page, troubles } = await open(looks.light);
  await page.setContent(`<img src="${ELSEWHERE}">`);
  await page.context().close();
  assert.deepEqual(troubles.filter((trouble) => trouble.startsWith("request")), [`request: ${ELSEWHERE}`]);
  assert.deepEqual(left.splice(0), [`GET ${ELSEWHERE} HTTP/1.1`]);
});

test("a page lets nothing in from elsewhere, whatever gets into it", async () => {
  const { page, troubles } = await open(looks.light);
  await page.goto("/about");
  const refused = page.waitForEvent("console");
  await page.evaluate((src) => document.body.append(Object.assign(new Image(), { src })), ELSEWHERE);
  await refused;
  await page.context().close();
  assert.match(troubles.join("\n"), /Content Security Policy directive: "img-src 'self' data:"/);
  assert.deepEqual(left.splice(0), []);
});
