// The way that the pages are for: from a name to a line of source, to the item that it uses, and back. Links are found
// as a person finds them, by what is written on them and where.

import assert from "node:assert/strict";

/** A blocker of the project. */
const BLOCKER = "PyTuple_GET_ITEM";

/** Goes the whole way; `press` follows a link or a button, by whatever the visitor has at hand. */
export async function journey(page, search, press) {
  await page.goto("/");
  await search("stringlib");
  await shows(page, "/projects/stringlib", /^stringlib 2\.0/);

  const row = page.locator("#blockers, [aria-labelledby=blockers]").getByRole("row", { name: BLOCKER });
  await press(row.getByRole("cell").getByRole("link").first());
  await shows(page, `/projects/stringlib/2.0/sites?item=${BLOCKER}`, new RegExp(`^${BLOCKER} in stringlib 2\\.0`));

  const sites = page.getByRole("table", { name: "Sites in stringlib/scanner.c" });
  assert.match(await sites.innerText(), /PyTuple_GET_ITEM\(args, 1\)/, "each site stands there with its line");
  await press(sites.getByRole("rowheader").nth(1).getByRole("link"));
  await shows(page, /\/source\?path=stringlib%2Fscanner\.c&line=23/, /^stringlib\/scanner\.c:23/);
  const source = page.getByRole("region", { name: "Source" });
  assert.match(await source.innerText(), /23\s+PyObject \*value = PyTuple_GET_ITEM\(args, 1\);/);

  await press(page.getByRole("main").getByRole("paragraph").getByRole("link", { name: BLOCKER }).last());
  await shows(page, new RegExp(`/items/${BLOCKER}`), new RegExp(`^${BLOCKER}`));
  assert.ok(await page.getByRole("row", { name: /stringlib/ }).count(), "the item leads back to who uses it");

  await page.goBack();
  await page.goBack();
  await page.goBack();
  await shows(page, "/projects/stringlib", /^stringlib 2\.0/);
}

/** Waits for an address and the heading that says that one is there. */
export async function shows(page, address, heading) {
  await page.waitForURL(address);
  const main = page.getByRole("main").getByRole("heading", { level: 1 });
  await main.filter({ hasText: heading }).waitFor();
}

/** Types into the search field of the header and sends it. */
export function searchingBy(page, press) {
  return async (text) => {
    await press(page.getByRole("banner").getByRole("searchbox"));
    await page.keyboard.type(text);
    await press(page.getByRole("banner").getByRole("button", { name: "Search" }));
  };
}

/** Has a project read that the survey does not know, and waits until its page has filled in by itself. */
export async function lookUp(page, name, press) {
  await page.goto("/");
  await searchingBy(page, press)(name);
  await press(page.getByRole("main").getByRole("button", { name: `Read ${name} now` }));
  await shows(page, `/projects/${name}`, `${name}`);
  await page.getByRole("status", { name: "Being read" }).waitFor();
  // Nobody touches anything: the page looks again until it has the verdict.
  await page.locator("#blockers, [aria-labelledby=blockers]").getByText("blocked").first().waitFor();
  await page.getByRole("link", { name: BLOCKER }).first().waitFor();
}
