import { fileURLToPath } from "node:url";
import { launchChromium } from "@featuremap/testing/chromium";
import { bundleScript, openScriptPage } from "@featuremap/testing/script-page";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Theme } from "./index.ts";
import type { ShownDrawings } from "./testing/page-script.ts";

declare function showDrawings(width: number, theme: Theme): Promise<ShownDrawings>;

let browser: Browser;
let script: string;

beforeAll(async () => {
  [browser, script] = await Promise.all([
    launchChromium(),
    bundleScript(fileURLToPath(new URL("./testing/page-script.ts", import.meta.url)), { sources: true }),
  ]);
});
afterAll(async () => {
  await browser.close();
});

test.for([200, 320, 640, 1280])(
  "drawn in a page at a width of %d, nothing is cut and no words overlap",
  async (width) => {
    const { page, errors } = await openScriptPage(browser, script, "showDrawings");
    const { problems } = await page.evaluate((wide) => showDrawings(wide, "auto"), width);
    expect(problems).toEqual([]);
    expect(errors).toEqual([]);
    await page.close();
  },
);

test("drawings follow what the reader prefers, unless a theme is asked for", async () => {
  const { page } = await openScriptPage(browser, script, "showDrawings");
  const [white, black] = ["rgb(255, 255, 255)", "rgb(20, 24, 29)"];
  const groundsOf = async (theme: Theme): Promise<readonly string[]> => {
    const { grounds } = await page.evaluate((asked) => showDrawings(640, asked), theme);
    return [...new Set(grounds)];
  };
  for (const [colorScheme, followed] of [
    ["light", white],
    ["dark", black],
  ] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await groundsOf("auto")).toEqual([followed]);
    expect(await groundsOf("light")).toEqual([white]);
    expect(await groundsOf("dark")).toEqual([black]);
  }
  await page.close();
});
