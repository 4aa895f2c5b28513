import { expect, test } from "vitest";
import { useChromium, useExample } from "./example-fixture.ts";
import { draw, openPage } from "./example-page.ts";

const example = useExample("worker");
const browser = useChromium();

async function checkReading(address: string, device: RegExp, webgpu: boolean): Promise<void> {
  const { page, complaints } = await openPage(browser(), address, { webgpu });
  const status = page.locator("#status");
  await status.filter({ hasText: device }).waitFor({ timeout: 60_000 });
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  await draw(page, "#board", "4");
  await status.filter({ hasText: /^4 \(\d+ %\).*read 1 times/ }).waitFor();
  await page.getByRole("button", { name: "100 times" }).click();
  await status.filter({ hasText: /^4 \(\d+ %\).*read 100 times/ }).waitFor({ timeout: 120_000 });
  // A page whose own thread did the work would stand still for a second or more.
  const [, seconds = ""] = /in ([\d.]+) s/.exec((await status.textContent()) ?? "") ?? [];
  const pause = Number(await page.locator("#pause").textContent());
  expect(pause).toBeGreaterThan(0);
  expect(pause).toBeLessThan(Math.max(100, (1000 * Number(seconds)) / 4));
  expect(complaints).toEqual([]);
  await page.context().close();
}

test("npm start serves a page that moves while its worker reads, on WebGPU and in WebAssembly", async () => {
  const served = await example().serve(["npm", "start"], "option");
  await checkReading(served.address, /WebGPU/, true);
  await checkReading(served.address, /WebAssembly/, false);
  await served.stop();
});

test("what npm run build makes works as well, and says what is wrong with a model", async () => {
  await example().run("npm", "run", "build");
  const served = await example().serve(["npm", "run", "preview"], "option");
  await checkReading(served.address, /WebAssembly, \d+ thread/, false);
  const { page } = await openPage(browser(), "about:blank");
  await page.route("**/model.json", (route) => route.fulfill({ body: "{}" }));
  await page.goto(served.address);
  await page.locator("#status.error").filter({ hasText: "model.json" }).waitFor();
  await page.context().close();
  await served.stop();
});
