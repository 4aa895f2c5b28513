/** Where a pen was: 0 to 1 from the left and from the top of the writing box, and how hard it pressed. */
export interface PenPoint {
  readonly x: number;
  readonly y: number;
  /** Factor on the pen's width, 1 for a mouse or a finger. */
  readonly pressure: number;
}

/** One line, from pen down to pen up. */
export type Stroke = readonly PenPoint[];

/** What has been drawn: strokes in the writing box's own measure, so that any size and colour can be painted from them. */
export class Sketch {
  readonly #strokes: PenPoint[][] = [];

  get strokes(): readonly Stroke[] {
    return this.#strokes;
  }

  get isEmpty(): boolean {
    return this.#strokes.length === 0;
  }

  /** Puts the pen down. */
  begin(point: PenPoint): void {
    this.#strokes.push([point]);
  }

  /** Moves the pen that is down; without a stroke to extend, it is put down. */
  extend(point: PenPoint): void {
    const stroke = this.#strokes.at(-1);
    if (stroke === undefined) this.begin(point);
    else stroke.push(point);
  }

  /** Takes back the last stroke. @returns whether there was one */
  undo(): boolean {
    return this.#strokes.pop() !== undefined;
  }

  clear(): void {
    this.#strokes.length = 0;
  }

  /** The longer side of the box around all points, in parts of the writing box; 0 for a single dot or nothing. */
  get extent(): number {
    let [left, right, top, bottom] = [1, 0, 1, 0];
    for (const { x, y } of this.#strokes.flat()) {
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
    return Math.max(0, right - left, bottom - top);
  }
}

/**
 * Width of the pen, in parts of the writing box, with which a digit of this extent looks as MNIST's do.
 *
 * There a stroke is about an eighth of the digit's height, however large it was written. A pen of one width would make
 * blots of small digits and hairs of large ones once all are scaled to 20 pixels.
 */
export function penWidthFor(extent: number): number {
  return Math.min(0.14, Math.max(0.02, extent * 0.14));
}
