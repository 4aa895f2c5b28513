import { toPng } from "@featuremap/visualize";

export type Point = readonly [x: number, y: number];
/** Strokes in a square of side 1. */
export type Strokes = readonly (readonly Point[])[];

/** Strokes of digits, as a person writes them. */
export const strokesOf: Readonly<Record<string, Strokes>> = {
  "0": [arc([0.5, 0.5], 0.2, 0.3, 0, 360)],
  "1": [
    [
      [0.5, 0.2],
      [0.5, 0.8],
    ],
  ],
  "3": [[...arc([0.48, 0.34], 0.16, 0.14, 200, 450), ...arc([0.48, 0.65], 0.19, 0.17, 270, 520)]],
  "4": [
    [
      [0.38, 0.2],
      [0.3, 0.52],
      [0.7, 0.52],
    ],
    [
      [0.62, 0.22],
      [0.6, 0.82],
    ],
  ],
  "7": [
    [
      [0.3, 0.25],
      [0.7, 0.25],
      [0.45, 0.8],
    ],
  ],
};

/** Points on an ellipse, from one angle to another in degrees, 0 at the right and growing downwards. */
function arc([x, y]: Point, width: number, height: number, from: number, to: number): readonly Point[] {
  return Array.from({ length: 25 }, (_, index): Point => {
    const angle = ((from + ((to - from) * index) / 24) * Math.PI) / 180;
    return [x + width * Math.cos(angle), y + height * Math.sin(angle)];
  });
}

/** Blots of a stroke from one of its points to the next. */
const steps = 60;

/** A digit in black on white paper, a byte a pixel. */
function paper(digit: string, size: number): Uint8Array {
  const data = new Uint8Array(size * size).fill(235);
  for (const stroke of strokesOf[digit] ?? []) {
    for (const [index, end] of stroke.slice(1).entries()) {
      const start = stroke[index] ?? end;
      const along = (axis: 0 | 1, share: number): number => size * (start[axis] + (end[axis] - start[axis]) * share);
      for (let step = 0; step <= steps; step++) {
        blot(data, size, [along(0, step / steps), along(1, step / steps)], size / 24);
      }
    }
  }
  return data;
}

function blot(data: Uint8Array, size: number, [x, y]: Point, radius: number): void {
  for (let row = Math.floor(y - radius); row <= y + radius; row++) {
    for (let column = Math.floor(x - radius); column <= x + radius; column++) {
      if (Math.hypot(column - x, row - y) <= radius) data[row * size + column] = 30;
    }
  }
}

/** A picture of a written digit: a PNG file. */
export function pictureOf(digit: string, size = 200): Buffer {
  return Buffer.from(toPng({ data: paper(digit, size), width: size, height: size }));
}

/** A film of a written digit, of one picture: what Chromium's camera that is not there can show. */
export function filmOf(digit: string, size = 240): Buffer {
  const grey = Buffer.alloc((size / 2) ** 2 * 2, 128);
  const header = `YUV4MPEG2 W${size} H${size} F10:1 Ip A1:1 C420mpeg2\n`;
  return Buffer.concat([Buffer.from(`${header}FRAME\n`), paper(digit, size), grey]);
}
