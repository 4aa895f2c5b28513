import type { Stroke } from "./sketch.ts";

/**
 * Paints strokes in the context's `strokeStyle`, as smooth curves through the middles between points.
 *
 * @param side length of the writing box's side on the canvas
 * @param penWidth width of a stroke at pressure 1, in parts of the writing box
 */
export function paintStrokes(
  context: CanvasRenderingContext2D,
  strokes: readonly Stroke[],
  side: number,
  penWidth: number,
): void {
  context.lineCap = "round";
  context.lineJoin = "round";
  for (const stroke of strokes) {
    const [first] = stroke;
    if (first === undefined) continue;
    let from = first;
    let middle = { x: first.x, y: first.y };
    for (const to of stroke.length === 1 ? stroke : stroke.slice(1)) {
      const next = { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
      context.lineWidth = (penWidth * side * (from.pressure + to.pressure)) / 2;
      context.beginPath();
      context.moveTo(middle.x * side, middle.y * side);
      context.quadraticCurveTo(from.x * side, from.y * side, next.x * side, next.y * side);
      // The curve ends halfway to the last point; the pen did not.
      if (to === stroke.at(-1)) context.lineTo(to.x * side, to.y * side);
      context.stroke();
      from = to;
      middle = next;
    }
  }
}
