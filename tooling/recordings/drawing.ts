import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Browser, Page } from "playwright-core";
import type { Frame } from "./animation.ts";

type Point = readonly [x: number, y: number];

/** Strokes of a 3 and a 7, in the board's height and width. */
const digits: readonly (readonly (readonly Point[])[])[] = [
  [
    [
      [0.34, 0.27],
      [0.5, 0.2],
      [0.64, 0.28],
      [0.62, 0.4],
      [0.47, 0.48],
      [0.63, 0.54],
      [0.68, 0.67],
      [0.55, 0.78],
      [0.38, 0.77],
      [0.31, 0.7],
    ],
  ],
  [
    [
      [0.3, 0.24],
      [0.68, 0.24],
      [0.56, 0.5],
      [0.44, 0.8],
    ],
  ],
];

/** Milliseconds between two pictures while the pen moves. */
const pace = 60;
const restMilliseconds = 1_800;

/** A curve through the points (Catmull-Rom), as many points as the pen takes pictures. */
function curve(points: readonly Point[], steps: number): Point[] {
  const at = (index: number): Point => points[Math.min(Math.max(index, 0), points.length - 1)] ?? [0, 0];
  return Array.from({ length: (points.length - 1) * steps + 1 }, (_, step) => {
    const from = Math.floor(step / steps);
    const t = step / steps - from;
    const blend = (axis: 0 | 1): number => {
      const [a, b, c, d] = [at(from - 1)[axis], at(from)[axis], at(from + 1)[axis], at(from + 2)[axis]];
      return b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
    };
    return [blend(0), blend(1)];
  });
}

async function draw(page: Page, strokes: readonly (readonly Point[])[], picture: () => Promise<void>): Promise<void> {
  const board = await page.locator("#board").boundingBox();
  if (board === null) throw new Error("The page has no board to draw on.");
  const place = ([x, y]: Point): Point => [board.x + x * board.width, board.y + y * board.height];
  for (const stroke of strokes) {
    const [first, ...rest] = curve(stroke, 4).map(place);
    if (first === undefined) continue;
    await page.mouse.move(...first);
    await page.mouse.down();
    for (const point of rest) {
      await page.mouse.move(...point, { steps: 3 });
      await picture();
    }
    await page.mouse.up();
  }
}

/**
 * Serves a model as `featuremap serve` does, and pictures the page while digits are drawn in it.
 *
 * @param cli path of the command
 */
export async function recordDrawing(browser: Browser, cli: string, model: string): Promise<Frame[]> {
  const server = spawn(process.execPath, [cli, "serve", model, "--port", "0"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const page = await browser.newPage({ viewport: { width: 1160, height: 637 }, deviceScaleFactor: 1 });
  try {
    const address = await new Promise<string>((resolve, reject) => {
      let text = "";
      server.stdout.on("data", (bytes: Buffer) => {
        text += bytes.toString();
        const found = /http:\/\/\S+/.exec(text)?.[0];
        if (found !== undefined) resolve(found);
      });
      server.once("exit", () => reject(new Error(`featuremap serve ended: ${text}`)));
    });
    await page.goto(`${address}?device=wasm`);
    // Waiting inside the page would evaluate text there, which its policy forbids.
    while (!(await page.evaluate(() => "featuremapClassifier" in globalThis))) await page.waitForTimeout(100);
    const frames: Frame[] = [];
    const picture = async (milliseconds = pace): Promise<void> => {
      frames.push({ picture: await page.screenshot(), milliseconds });
    };
    for (const strokes of digits) {
      await picture(600);
      await draw(page, strokes, picture);
      await page.waitForTimeout(500);
      await picture(restMilliseconds);
      await page.locator("#clear").click();
      await page.mouse.move(0, 0);
      await page.waitForTimeout(300);
    }
    return frames;
  } finally {
    await page.close();
    server.kill("SIGTERM");
    await once(server, "close");
  }
}
