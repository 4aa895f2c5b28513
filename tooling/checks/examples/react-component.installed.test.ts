import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, expect, test } from "vitest";
import { filmOf, pictureOf } from "./digits.ts";
import { useChromium, useExample } from "./example-fixture.ts";
import { openPage } from "./example-page.ts";

const folder = mkdtempSync(join(tmpdir(), "paper-"));
afterAll(() => rmSync(folder, { recursive: true }));

const example = useExample("react-component");
const browser = useChromium(() => {
  const video = join(folder, "seven.y4m");
  writeFileSync(video, filmOf("7"));
  return [
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    `--use-file-for-fake-video-capture=${video}`,
  ];
});

const png = (digit: string) => ({ name: `${digit}.png`, mimeType: "image/png", buffer: pictureOf(digit) });
const first = (page: Page) => page.getByRole("listitem").first();

async function checkClassifier(address: string, device: RegExp, webgpu: boolean): Promise<void> {
  const { page, complaints } = await openPage(browser(), address, { webgpu });
  await page.getByText(device).waitFor({ timeout: 60_000 });
  for (const digit of ["3", "4", "3"]) {
    await page.getByLabel("Drop a picture").setInputFiles(png(digit));
    await first(page)
      .filter({ hasText: new RegExp(`^${digit}`) })
      .waitFor();
  }
  await page.getByLabel("Drop a picture").setInputFiles({ ...png("3"), buffer: Buffer.from("no picture") });
  await page.getByRole("alert").waitFor();
  expect(await page.getByRole("listitem").count()).toBe(0);
  await page.getByRole("button", { name: "Use the camera" }).click();
  await page.waitForFunction(() => (document.querySelector("video")?.videoWidth ?? 0) > 0);
  await page.getByRole("button", { name: "Classify this" }).click();
  await first(page).filter({ hasText: /^7/ }).waitFor();
  expect(await page.getByRole("alert").count()).toBe(0);
  expect(complaints).toEqual([]);
  await page.context().close();
}

test("npm start serves a component that classifies files and what the camera sees", async () => {
  const served = await example().serve(["npm", "start"], "option");
  await checkClassifier(served.address, /WebGPU/, true);
  await checkClassifier(served.address, /WebAssembly/, false);
  await served.stop();
});

test("what npm run build makes takes drops, loads again after it was removed, and says what is wrong", async () => {
  await example().run("npm", "run", "build");
  const served = await example().serve(["npm", "run", "preview"], "option");
  const { page, complaints } = await openPage(browser(), served.address, { webgpu: false });
  await page.getByText("WebAssembly").waitFor();
  await page.getByRole("button", { name: "Use the camera" }).click();
  await page.getByRole("button", { name: "Remove the component" }).click();
  await page.getByText("Drop a picture, or").waitFor({ state: "detached" });
  // At once removed again, while it loads.
  for (let time = 0; time < 3; time++) await page.locator("main > button").click();
  await page.getByText("WebAssembly").waitFor();
  const data = await page.evaluateHandle(
    (bytes) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([Uint8Array.from(bytes)], "4.png", { type: "image/png" }));
      return transfer;
    },
    [...pictureOf("4")],
  );
  await page.getByText("Drop a picture, or").dispatchEvent("drop", { dataTransfer: data });
  await first(page).filter({ hasText: /^4/ }).waitFor();
  expect(complaints).toEqual([]);
  await page.route("**/weights.safetensors", (route) => route.abort());
  await page.reload();
  await page.getByRole("alert").filter({ hasText: "weights.safetensors" }).waitFor();
  await page.context().close();
  await served.stop();
});
