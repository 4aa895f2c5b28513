/* `npx jiti record.ts`, on an idle machine: makes the moving pictures of the README from the real command and page. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { launchChromium } from "@featuremap/testing/chromium";
import { writeAnimation } from "./animation.ts";
import { recordDrawing } from "./drawing.ts";
import { recordTerminal } from "./terminal.ts";

const root = join(import.meta.dirname, "..", "..");
const cli = join(root, "apps", "trainer", "dist", "cli.js");
const pictures = join(root, "docs");

const folder = await mkdtemp(join(tmpdir(), "recordings-"));
const browser = await launchChromium();
try {
  const training = await recordTerminal(
    browser,
    "npx featuremap train mnist",
    `${process.execPath} ${cli} train mnist`,
    folder,
  );
  const drawing = await recordDrawing(browser, cli, join(folder, "runs", "mnist-1", "model"));
  for (const [name, frames] of Object.entries({ training, drawing })) {
    const bytes = await writeAnimation(join(pictures, `${name}.webp`), frames);
    console.log(`${name}.webp: ${frames.length} pictures, ${Math.round(bytes / 1000)} kB`);
  }
} finally {
  await browser.close();
  await rm(folder, { recursive: true });
}
