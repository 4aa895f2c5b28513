/** A pen moved by keys: where it is, in parts of the writing box, and whether it touches the paper. */
export interface KeyboardPen {
  readonly x: number;
  readonly y: number;
  readonly down: boolean;
}

export const RESTING_PEN: KeyboardPen = { x: 0.5, y: 0.5, down: false };

/** One step of the pen: a pixel of a 28 x 28 picture; with Shift held, a fifth of it. */
const STEP = 1 / 28;
const FINE_STEP = STEP / 5;

const DIRECTIONS: ReadonlyMap<string, readonly [x: number, y: number]> = new Map([
  ["ArrowLeft", [-1, 0]],
  ["ArrowRight", [1, 0]],
  ["ArrowUp", [0, -1]],
  ["ArrowDown", [0, 1]],
]);

/** Whether a key, named as in `KeyboardEvent.key`, moves the pen. */
export function movesPen(key: string): boolean {
  return DIRECTIONS.has(key);
}

/**
 * Moves the pen by all arrow keys held at once, so two of them go diagonally; it stops at the edges of the box.
 *
 * @param held keys that are down, named as in `KeyboardEvent.key`
 * @param fine whether Shift is held
 */
export function movePen(pen: KeyboardPen, held: Iterable<string>, fine: boolean): KeyboardPen {
  let { x, y } = pen;
  for (const key of held) {
    const [stepX, stepY] = DIRECTIONS.get(key) ?? [0, 0];
    x += stepX * (fine ? FINE_STEP : STEP);
    y += stepY * (fine ? FINE_STEP : STEP);
  }
  return { ...pen, x: Math.min(1, Math.max(0, x)), y: Math.min(1, Math.max(0, y)) };
}
