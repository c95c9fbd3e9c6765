// Chromium without what it asks of the world by itself, and a gate that shows whether it does.

import { createServer } from "node:net";

/**
 * The first lines of what asked to leave the machine, be it for a page or for Chromium itself: the gate is its proxy,
 * which addresses of the loopback do without. It lets nothing through.
 */
export const left = [];

const gate = createServer((socket) => {
  socket.on("error", () => {});
  socket.once("data", (data) => {
    left.push(data.toString("latin1").split("\r\n")[0]);
    socket.destroy();
  });
});

/** Nobody listens there. */
const NOWHERE = "http://127.0.0.1:9";

/** Autofill's and the clock's questions; then what Playwright switches off, since only the last such option counts. */
const OFF = [
  "AutofillServerCommunication", "NetworkTimeServiceQuerying",
  "AutoDeElevate", "AvoidUnnecessaryBeforeUnloadCheckSync", "BoundaryEventDispatchTracksNodeRemoval",
  "DestroyProfileOnBrowserClose", "DialMediaRouteProvider", "GlobalMediaControls", "HttpsUpgrades", "LensOverlay",
  "MediaRouter", "OptimizationHints", "PaintHolding", "RenderDocument", "ThirdPartyStoragePartitioning", "Translate",
];

/** Opens the gate; the arguments of a Chromium behind it. */
export async function behindGate() {
  await new Promise((listening) => gate.listen(0, "127.0.0.1", listening));
  return [
    `--proxy-server=http://127.0.0.1:${gate.address().port}`,
    `--gaia-url=${NOWHERE}`,
    `--component-updater=url-source=${NOWHERE}`,
    `--disable-features=${OFF.join(",")}`,
  ];
}

/** Takes the gate away. */
export function close() {
  gate.close();
}
