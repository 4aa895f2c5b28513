import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { useChromium, useExample } from "./example-fixture.ts";
import { openPage } from "./example-page.ts";

const example = useExample("photos-command");
const browser = useChromium();

test("npm start trains on a folder of pictures, judges, classifies, and makes a page", async () => {
  const { folder } = example();
  const output = await example().run("npm", "start");
  expect(await readdir(join(folder, "photos"))).toEqual(["circle", "square", "triangle"]);
  const [, accuracy] = /> evaluate[\s\S]*Validation accuracy ([\d.]+) .*on 120 images/.exec(output) ?? [];
  expect(Number(accuracy)).toBeGreaterThan(0.9);
  expect(await readFile(join(folder, "runs", "shapes-1", "report.html"), "utf8")).toContain("</html>");

  const [head = "", ...lines] = (await readFile(join(folder, "runs", "answers.csv"), "utf8")).trim().split("\n");
  const column = head.split(",").indexOf("label");
  const right = lines.filter((line) => line.includes(`${line.split(",")[column]}-`));
  expect([lines.length, right.length >= 13]).toEqual([15, true]);

  const { page, complaints } = await openPage(browser(), pathToFileURL(join(folder, "runs", "shapes.html")).href);
  await page.waitForFunction("globalThis.featuremapClassifier !== undefined");
  await page.locator("#image-file").setInputFiles(join(folder, "new-photos", "circle-1.png"));
  await page
    .getByText(/^circle$/)
    .first()
    .waitFor();
  expect(complaints).toEqual([]);
});
