import { readFile, rm, writeFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { encodePage } from "@featuremap/formats/page";
import { launchChromium } from "@featuremap/testing/chromium";
import { temporaryFolder } from "@featuremap/testing/temporary-folder";
import { afterAll, beforeAll, expect, test } from "vitest";
import { TALL, saveTallOrWide } from "./testing/tall-or-wide.ts";

const folder = temporaryFolder();
const shell = new URL("../dist/standalone/index.html", import.meta.url);
let browser: Awaited<ReturnType<typeof launchChromium>>;

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

test.for(["wasm", "webgpu"])("a page of a single file opens from the disk and classifies on %s", async (device) => {
  await saveTallOrWide(folder.path("model"));
  const files = new Map<string, Uint8Array>();
  for (const name of ["model.json", "weights.safetensors"])
    files.set(name, await readFile(folder.path(`model/${name}`)));
  const page = encodePage({ shell: await readFile(shell, "utf8"), files, name: "tall <or> wide" });
  const path = folder.path("page.html");
  await writeFile(path, page);
  await rm(folder.path("model"), { recursive: true });

  const context = await browser.newContext();
  try {
    const tab = await context.newPage();
    const [errors, requests]: [string[], string[]] = [[], []];
    tab.on("pageerror", ({ message }) => errors.push(message));
    tab.on("request", (request) => requests.push(request.url()));
    await tab.goto(`${pathToFileURL(path).href}?device=${device}`);
    await tab.waitForFunction("globalThis.featuremapClassifier !== undefined");
    expect(await tab.title()).toBe("tall <or> wide");
    const answer = `featuremapClassifier.classify({ data: Uint8ClampedArray.from({ length: 28 * 28 * 4 }, (_, i) =>
      i % 4 === 3 || ((i >> 2) % 28 === 14) ? 255 : 0), width: 28, height: 28 })`;
    expect(await tab.evaluate(`${answer}.then(({ predictions: [{ label }] }) => label)`)).toBe(TALL);
    expect(await tab.evaluate("featuremapClassifier.device.name")).toBe(device);
    expect(errors).toEqual([]);
    expect(requests.filter((url) => !/^(data|blob):/.test(url))).toEqual([
      `${pathToFileURL(path).href}?device=${device}`,
    ]);
  } finally {
    await context.close();
  }
});
