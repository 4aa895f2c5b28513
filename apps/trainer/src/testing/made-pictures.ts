import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { RandomStream } from "@featuremap/tensor";
import sharp, { type Sharp } from "sharp";

/** A folder that goes when the test has ended. */
export async function temporaryFolder({
  onTestFinished,
}: {
  readonly onTestFinished: (end: () => Promise<void>) => void;
}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "featuremap-end-to-end-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Colours of classes: far enough apart that a small network tells them from each other, noise or not. */
const colours = [
  [230, 40, 40],
  [40, 90, 230],
  [50, 200, 60],
  [235, 225, 60],
  [200, 60, 210],
  [40, 210, 220],
  [245, 140, 30],
  [25, 25, 25],
  [240, 240, 240],
  [120, 90, 50],
] as const;

/** A disc of the class's colour somewhere on a grey ground with noise; RGB. */
export function disc(label: number, seed: number, [height, width]: readonly [number, number]): Uint8Array {
  const random = new RandomStream(seed).fork(`disc ${label}`);
  const [red, green, blue] = colours[label] ?? [0, 0, 0];
  const radius = Math.min(height, width) * random.uniform(0.3, 0.4);
  const [row, column] = [height * random.uniform(0.4, 0.6), width * random.uniform(0.4, 0.6)];
  const data = new Uint8Array(height * width * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const isInside = Math.hypot(y - row, x - column) < radius;
      const noise = random.uniform(-15, 15);
      const pixel = (isInside ? [red, green, blue] : [128, 128, 128]).map((value) => value + noise);
      data.set(
        pixel.map((value) => Math.min(255, Math.max(0, Math.round(value)))),
        (y * width + x) * 3,
      );
    }
  }
  return data;
}

/** The same for sharp, which writes it as whatever file is wanted. */
export function discPicture(label: number, seed: number, size: readonly [number, number]): Sharp {
  return sharp(disc(label, seed, size), { raw: { width: size[1], height: size[0], channels: 3 } });
}

/** Writes files with their folders. */
export async function writeFiles(folder: string, files: Readonly<Record<string, Uint8Array | string>>): Promise<void> {
  for (const [name, contents] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), contents);
  }
}

/** Writes a folder of discs for each class, as many and of the colour that it says. */
export async function writeDiscs(
  folder: string,
  size: readonly [number, number],
  classes: Readonly<Record<string, readonly [colour: number, count: number]>>,
): Promise<void> {
  for (const [name, [colour, count]] of Object.entries(classes)) {
    for (let index = 0; index < count; index++) {
      const picture = await discPicture(colour, index, size).png().toBuffer();
      await writeFiles(folder, { [`${name}/${index}.png`]: picture });
    }
  }
}

/**
 * A picture of soft patches, with the grain of a photograph, that no other number has: near duplicates of it are its copies
 * alone.
 */
export function patches(number: number, [height, width]: readonly [number, number] = [96, 96]): Sharp {
  const random = new RandomStream(number).fork("patches");
  const corners = Array.from({ length: 7 * 7 * 3 }, () => random.uniform(0, 256));
  const at = (row: number, column: number, channel: number): number => corners[(row * 7 + column) * 3 + channel] ?? 0;
  const data = new Uint8ClampedArray(height * width * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [down, right] = [(y * 6) / height, (x * 6) / width];
      const [row, column] = [Math.floor(down), Math.floor(right)];
      const [below, beside] = [down - row, right - column];
      for (let channel = 0; channel < 3; channel++) {
        const upper = at(row, column, channel) * (1 - beside) + at(row, column + 1, channel) * beside;
        const lower = at(row + 1, column, channel) * (1 - beside) + at(row + 1, column + 1, channel) * beside;
        data[(y * width + x) * 3 + channel] = upper * (1 - below) + lower * below + random.uniform(-12, 12);
      }
    }
  }
  return sharp(data, { raw: { width, height, channels: 3 } });
}
