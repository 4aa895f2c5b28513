import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { launchChromium } from "@featuremap/testing/chromium";
import { bundleScript, openScriptPage } from "@featuremap/testing/script-page";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Chosen } from "../../testing/selection-script.ts";
import { goldenFiles } from "../golden-files.test-support.ts";
import { png, testFolder } from "../pictures/test-folder.test-support.ts";

let browser: Awaited<ReturnType<typeof launchChromium>>;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

const shades = { "dog/b.png": 40, "cat/a.png": 10 };
const files = Object.fromEntries(
  Object.entries(shades).map(([name, shade]) => [name, png(3, 2, [shade, shade, shade])]),
);

test("a page reads the pictures of a zip, of a folder handle and of a chosen folder", async (context) => {
  const entry = fileURLToPath(new URL("../../testing/selection-script.ts", import.meta.url));
  const { page, errors } = await openScriptPage(browser, await bundleScript(entry, { sources: true }), "chooseZip");
  const zip = await page.evaluate<Chosen>(`chooseZip(${JSON.stringify(goldenFiles.pictures.zip)})`);
  expect([zip.shades, zip.classes]).toEqual([
    [10, 20, 30, 40],
    ["cat", "cat", "dog", "dog"],
  ]);

  const encoded = Object.fromEntries(
    Object.entries(files).map(([name, bytes]) => [name, Buffer.from(bytes).toString("base64")]),
  );
  const folder = await page.evaluate<Chosen>(`chooseFolder(${JSON.stringify(encoded)})`);
  const expected = { paths: ["photos/cat/a.png", "photos/dog/b.png"], classes: ["cat", "dog"], shades: [10, 40] };
  expect(folder).toEqual(expected);

  const disk = await testFolder(
    context,
    Object.fromEntries(Object.entries(files).map(([name, bytes]) => [join("photos", name), bytes])),
  );
  await page.setContent('<input type="file" webkitdirectory>');
  await page.setInputFiles("input", join(disk, "photos"));
  expect(await page.evaluate<Chosen>("chooseFiles()")).toEqual(expected);
  expect(errors).toEqual([]);
});
