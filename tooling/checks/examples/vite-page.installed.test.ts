import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { useChromium, useExample } from "./example-fixture.ts";
import { checkDigits, openPage } from "./example-page.ts";

const example = useExample("vite-page");
const browser = useChromium();

async function checkReading(address: string, device: RegExp, webgpu: boolean): Promise<void> {
  const { page, complaints } = await openPage(browser(), address, { webgpu });
  await page.getByRole("status").filter({ hasText: device }).waitFor({ timeout: 60_000 });
  await checkDigits(page, "#board");
  expect(await page.getByRole("status").textContent()).toMatch(/^Read in/);
  expect(complaints).toEqual([]);
  await page.context().close();
}

test("npm start serves a page that reads digits on WebGPU and in WebAssembly", async () => {
  const served = await example().serve(["npm", "start"], "option");
  await checkReading(served.address, /WebGPU/, true);
  await checkReading(served.address, /WebAssembly/, false);
  await served.stop();
});

test("what npm run build makes reads digits too, and says what is wrong with a model", async () => {
  expect(await example().run("npm", "run", "build")).toContain("built in");
  const served = await example().serve(["npm", "run", "preview"], "option");
  await checkReading(served.address, /WebAssembly/, false);
  await writeFile(join(example().folder, "dist", "model", "weights.safetensors"), "nothing");
  const { page } = await openPage(browser(), served.address);
  await page.locator("#status.error").filter({ hasText: "weights.safetensors" }).waitFor();
  await page.context().close();
  await served.stop();
});
