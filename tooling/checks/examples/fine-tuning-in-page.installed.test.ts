import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { pictureOf } from "./digits.ts";
import { useChromium, useExample } from "./example-fixture.ts";
import { draw, drawStrokes, openPage } from "./example-page.ts";

const example = useExample("fine-tuning-in-page");
const browser = useChromium();

/** Signs of straight strokes, as a person draws them: no two are the same. */
function strokesOfSign(name: string, variant: number): [number, number][][] {
  const [shift, size] = [0.03 * ((variant % 3) - 1), 0.9 + 0.06 * (variant % 4)];
  return (signs[name] ?? []).map((stroke) =>
    stroke.map(([x, y], index) => [
      0.5 + shift + size * (x - 0.5) + 0.01 * ((index + variant) % 3),
      0.5 - shift + size * (y - 0.5),
    ]),
  );
}

const signs: Readonly<Record<string, readonly (readonly (readonly [number, number])[])[]>> = {
  star: [
    [
      [0.5, 0.15],
      [0.7, 0.82],
      [0.16, 0.4],
      [0.84, 0.4],
      [0.3, 0.82],
      [0.5, 0.15],
    ],
  ],
  heart: [
    [
      [0.5, 0.85],
      [0.18, 0.5],
      [0.18, 0.3],
      [0.35, 0.18],
      [0.5, 0.35],
      [0.65, 0.18],
      [0.82, 0.3],
      [0.82, 0.5],
      [0.5, 0.85],
    ],
  ],
  house: [
    [
      [0.2, 0.45],
      [0.2, 0.85],
      [0.8, 0.85],
      [0.8, 0.45],
      [0.2, 0.45],
    ],
    [
      [0.15, 0.48],
      [0.5, 0.15],
      [0.85, 0.48],
    ],
  ],
};

async function checkLearning(page: Page, device: RegExp): Promise<void> {
  const status = page.getByRole("status");
  await page.getByRole("button", { name: "Learn" }).click();
  await status.filter({ hasText: "at least one example of each" }).waitFor();
  for (const sign of Object.keys(signs)) {
    for (const variant of [0, 1, 2]) {
      await drawStrokes(page, "#board", strokesOfSign(sign, variant));
      await page.getByRole("button", { name: `This is a ${sign}` }).click();
    }
  }
  await page.getByRole("button", { name: "Learn" }).click();
  await status.filter({ hasText: /^Learned in/ }).waitFor({ timeout: 180_000 });
  expect(await status.textContent()).toMatch(device);
  for (const variant of [3, 4]) {
    for (const sign of Object.keys(signs)) {
      await page.getByRole("button", { name: "Clear" }).click();
      await drawStrokes(page, "#board", strokesOfSign(sign, variant));
      await status.filter({ hasText: `This is a ${sign}.` }).waitFor();
    }
  }
}

test("npm start serves a page that learns signs from three drawings each, on WebGPU and in WebAssembly", async () => {
  const served = await example().serve(["npm", "start"], "option");
  for (const webgpu of [true, false]) {
    const { page, complaints } = await openPage(browser(), served.address, { webgpu });
    await checkLearning(page, webgpu ? /WebGPU/ : /WebAssembly/);
    expect(complaints).toEqual([]);
    await page.context().close();
  }
  await served.stop();
});

test("what npm run build makes takes files, learns again, and says what is wrong", async () => {
  await example().run("npm", "run", "build");
  const served = await example().serve(["npm", "run", "preview"], "option");
  const { page, complaints } = await openPage(browser(), served.address, { webgpu: false });
  const status = page.getByRole("status");
  const inputs = page.getByLabel("Choose pictures");
  for (const [index, digit] of ["3", "4", "7"].entries()) {
    const picture = (size: number) => ({ name: "a.png", mimeType: "image/png", buffer: pictureOf(digit, size) });
    await inputs.nth(index).setInputFiles([picture(100), picture(160)]);
    await expect.poll(() => page.locator(".examples").nth(index).locator("canvas").count()).toBe(2);
  }
  for (let time = 0; time < 2; time++) {
    await page.getByRole("button", { name: "Learn" }).click();
    await status.filter({ hasText: /^Learning/ }).waitFor();
    await status.filter({ hasText: /^Learned in/ }).waitFor({ timeout: 180_000 });
  }
  await draw(page, "#board", "4");
  await status.filter({ hasText: "This is a heart." }).waitFor();
  expect(complaints).toEqual([]);
  await inputs.first().setInputFiles({ name: "a.png", mimeType: "image/png", buffer: Buffer.from("no picture") });
  await page.locator("#status.error").waitFor();
  await page.context().close();
  await served.stop();
});
