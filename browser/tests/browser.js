// The browser, and tests that have a page of their own in it. Such a test fails, too, for what the page says on its
// console and for a request to anywhere but the dashboard.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { chromium } from "playwright-core";

import * as gate from "./gate.js";

/** The dashboard, without a slash at its end. */
export const address = process.env.ABISCOPE_ADDRESS;

/** How the visitor's screen is. */
export const looks = {
  light: { colorScheme: "light", viewport: { width: 1280, height: 900 } },
  dark: { colorScheme: "dark", viewport: { width: 1280, height: 900 } },
  phone: { colorScheme: "light", viewport: { width: 360, height: 740 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
  withoutScripts: { colorScheme: "light", viewport: { width: 1280, height: 900 }, javaScriptEnabled: false },
};

/** Milliseconds for one step and for one test. Nothing waits for them unless something is wrong: machines are busy. */
const STEP = 60_000;
const TEST = 240_000;

let browser;

before(async () => {
  // Whoever started this holds the other end of its standard input: when they are gone, so is this.
  process.stdin.on("end", () => process.exit(1)).resume();
  process.stdin.unref?.();
  const args = await gate.behindGate();
  browser = await chromium.launch({ executablePath: process.env.ABISCOPE_CHROMIUM, args });
});

after(async () => {
  await browser?.close();
  gate.close();
});

/** A test of one page that looks like `look`; `body` is given the page. */
export function visit(name, look, body) {
  test(name, { timeout: TEST }, async () => {
    const { page, troubles } = await open(look);
    try {
      await body(page);
    } finally {
      await page.context().close();
    }
    assert.deepEqual([...troubles, ...gate.left.splice(0)], [], "nothing goes wrong meanwhile");
  });
}

/** A page in a browser that knows nothing of other pages, and what goes wrong on it as time passes. */
export async function open(look) {
  const context = await browser.newContext({ baseURL: address, ...look });
  context.setDefaultTimeout(STEP);
  const page = await context.newPage();
  return { page, troubles: watch(page) };
}

/** Hears what goes wrong on a page. */
function watch(page) {
  const troubles = [];
  page.on("pageerror", (error) => troubles.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => { troubles.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on("request", (request) => {
    if (new URL(request.url()).origin !== address) troubles.push(`request: ${request.url()}`);
  });
  page.on("response", (response) => {
    // Whether a page itself is there is for the test to say.
    const isPage = response.request().isNavigationRequest();
    if (response.status() >= 400 && !isPage) troubles.push(`${response.status()}: ${response.url()}`);
  });
  page.on("console", (message) => {
    const isStatus = message.text().startsWith("Failed to load resource: the server responded with a status of");
    if (["error", "warning"].includes(message.type()) && !isStatus) troubles.push(`console: ${message.text()}`);
  });
  return troubles;
}
