// Runs every test of this folder in one process, so that they share one browser; or those of the files whose names begin
// as ABISCOPE_BROWSER_ONLY says.

import { readdirSync } from "node:fs";

const only = process.env.ABISCOPE_BROWSER_ONLY ?? "";
const all = readdirSync(new URL(".", import.meta.url)).sort();
const tests = all.filter((name) => name.endsWith(".test.js") && name.startsWith(only));
if (!tests.length) throw new Error(`no file of tests begins with ${only}`);
for (const name of tests) await import(`./${name}`);
