import type { InkPicture } from "@featuremap/images";
import { stencilOf } from "../view/stencil.ts";

/** Lays an image, on white where it can be seen through, into the middle of a square canvas, as large as it fits. */
export function paintImage(context: CanvasRenderingContext2D, image: ImageBitmap, side: number): void {
  const scale = side / Math.max(image.width, image.height);
  const [width, height] = [image.width * scale, image.height * scale];
  const [left, top] = [(side - width) / 2, (side - height) / 2];
  // Pixels of small pictures are shown as what they are.
  context.imageSmoothingEnabled = scale < 4;
  context.imageSmoothingQuality = "high";
  context.fillStyle = "#fff";
  context.fillRect(left, top, width, height);
  context.drawImage(image, left, top, width, height);
}

/** Paints a digit over a square canvas in a colour, each of its pixels a square. */
export function paintDigit(context: CanvasRenderingContext2D, digit: InkPicture, side: number, colour: string): void {
  context.imageSmoothingEnabled = false;
  context.drawImage(stencilOf(digit), 0, 0, side, side);
  context.save();
  context.globalCompositeOperation = "source-in";
  context.fillStyle = colour;
  context.fillRect(0, 0, side, side);
  context.restore();
}
