import { expect, test } from "vitest";
import { useChromium, useExample } from "./example-fixture.ts";
import { checkDigits, openPage } from "./example-page.ts";

const example = useExample("nextjs-page");
const browser = useChromium();

async function checkReading(address: string, device: RegExp, webgpu: boolean): Promise<void> {
  const { page, complaints } = await openPage(browser(), address, { webgpu });
  await page.getByRole("status").filter({ hasText: device }).waitFor({ timeout: 120_000 });
  await checkDigits(page, "canvas");
  expect(complaints).toEqual([]);
  await page.context().close();
}

test("npm start serves a page that reads digits on WebGPU", async () => {
  const served = await example().serve(["npm", "start"], "option");
  await checkReading(served.address, /WebGPU/, true);
  await served.stop();
});

test("what npm run build makes reads digits too, in WebAssembly", async () => {
  expect(await example().run("npm", "run", "build")).toContain("Compiled successfully");
  const served = await example().serve(["npm", "run", "preview"], "option");
  await checkReading(served.address, /WebAssembly/, false);
  await served.stop();
});
