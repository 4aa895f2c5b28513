import type { InkPicture } from "@featuremap/images";
import { drawingContext } from "./element.ts";

/** A canvas that is opaque where there is ink, through which any colour can be painted. */
export function stencilOf({ data, width, height }: InkPicture): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  const image = new ImageData(width, height);
  for (const [pixel, ink] of data.entries()) image.data[pixel * 4 + 3] = ink;
  drawingContext(canvas).putImageData(image, 0, 0);
  return canvas;
}
