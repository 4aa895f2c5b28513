import { pngAddress } from "../pictures/to-png.ts";
import { element } from "../svg/element.ts";
import type { ConfusionCounts } from "./read-matrix.ts";

/** Cells of a side of the picture. */
const mostCells = 500;
/** Red, green and blue that are seen on a light and on a dark ground. */
const color = [43, 127, 212] as const;
export const manyColor: string = `rgb(${color.join(" ")})`;

/** How strong a share's colour is: small ones can be seen too. */
export function strengthOf(share: number): number {
  return share ** 0.6;
}

/** All cells as one picture; of many classes, each pixel is the largest share among those that it stands for. */
export function manyCells({ classes, at, total }: ConfusionCounts, side: number): string {
  const stride = Math.ceil(classes / mostCells);
  const cells = Math.ceil(classes / stride);
  const data = new Uint8ClampedArray(cells * cells * 4);
  for (let row = 0; row < classes; row++) {
    const all = total(row);
    for (let column = 0; column < classes; column++) {
      const place = (Math.floor(row / stride) * cells + Math.floor(column / stride)) * 4;
      const opacity = Math.ceil(255 * strengthOf(all === 0 ? 0 : at(row, column) / all));
      if (opacity > (data[place + 3] ?? 0)) data.set([...color, opacity], place);
    }
  }
  return element("image", {
    width: (side * cells * stride) / classes,
    height: (side * cells * stride) / classes,
    href: pngAddress({ data, width: cells, height: cells }),
    preserveAspectRatio: "none",
    style: side > cells ? "image-rendering:pixelated" : undefined,
  });
}
