import type { Pixels } from "@featuremap/images";
import type { InkPicture } from "@featuremap/images";
import { drawingContext } from "../view/element.ts";
import { paintStrokes } from "./paint-strokes.ts";
import { type Sketch, penWidthFor } from "./sketch.ts";

/** Side of the picture a digit is read from: large enough that a digit of a sixth of the box still has 28 pixels. */
const SIDE = 168;

/** The ink of a sketch, light on black, with strokes as bold as MNIST's. */
export function inkOfSketch(sketch: Sketch): InkPicture {
  const { data } = paint(sketch, "#000", "#fff", penWidthFor(sketch.extent));
  const ink = Uint8Array.from({ length: SIDE * SIDE }, (_, pixel) => data[pixel * 4] ?? 0);
  return { data: ink, width: SIDE, height: SIDE };
}

/** A sketch as a picture: dark strokes on white paper. */
export function pictureOfSketch(sketch: Sketch, penWidth: number): Pixels {
  return paint(sketch, "#fff", "#000", penWidth);
}

function paint(sketch: Sketch, paper: string, ink: string, penWidth: number): ImageData {
  const canvas = document.createElement("canvas");
  canvas.width = SIDE;
  canvas.height = SIDE;
  const context = drawingContext(canvas, { willReadFrequently: true });
  context.fillStyle = paper;
  context.fillRect(0, 0, SIDE, SIDE);
  context.strokeStyle = ink;
  paintStrokes(context, sketch.strokes, SIDE, penWidth);
  return context.getImageData(0, 0, SIDE, SIDE);
}
