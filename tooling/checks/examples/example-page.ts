import type { Browser, Page } from "playwright-core";
import { expect } from "vitest";
import { type Strokes, strokesOf } from "./digits.ts";

/** A page of an example, with everything that its console reported. */
export interface ExamplePage {
  readonly page: Page;
  readonly complaints: string[];
}

/** @param webgpu whether the page has WebGPU; without it, it falls back to WebAssembly */
export async function openPage(browser: Browser, address: string, { webgpu = true } = {}): Promise<ExamplePage> {
  const page = await (await browser.newContext()).newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") complaints.push(message.text());
  });
  if (!webgpu) {
    const hide = 'Object.defineProperty(navigator, "gpu", { value: undefined });';
    await page.addInitScript(hide);
    // Scripts for pages do not reach workers.
    await page.route(/\.worker\b.*\.[jt]s/, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: `${hide}\n${await response.text()}` });
    });
  }
  await page.goto(address);
  return { page, complaints };
}

/** Draws a digit with the mouse on an element. */
export function draw(page: Page, selector: string, digit: string): Promise<void> {
  return drawStrokes(page, selector, strokesOf[digit] ?? []);
}

/** Draws digits on an element, clears it before each, and expects each at the head of the page's list of answers. */
export async function checkDigits(page: Page, selector: string): Promise<void> {
  for (const digit of ["0", "3", "4", "7"]) {
    await page.getByRole("button", { name: "Clear" }).click();
    await draw(page, selector, digit);
    await expect.poll(() => page.locator("li").first().textContent()).toMatch(new RegExp(`^${digit}`));
  }
}

/** Draws strokes in a square of side 1 with the mouse on an element. */
export async function drawStrokes(page: Page, selector: string, strokes: Strokes): Promise<void> {
  const box = await page.locator(selector).boundingBox();
  if (box === null) throw new Error(`There is no ${selector} to draw on.`);
  for (const [first = [0, 0], ...others] of strokes) {
    await page.mouse.move(box.x + first[0] * box.width, box.y + first[1] * box.height);
    await page.mouse.down();
    for (const [x, y] of others) await page.mouse.move(box.x + x * box.width, box.y + y * box.height);
    await page.mouse.up();
  }
}
