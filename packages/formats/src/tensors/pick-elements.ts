/**
 * Fills a row-major array with elements of another, each found by an offset and a step along each axis.
 *
 * @param into an element for each of the shape
 * @param steps between elements of `from`, for each axis of the shape
 */
export function pickElements(
  into: { readonly length: number; [index: number]: number },
  from: ArrayLike<number>,
  shape: readonly number[],
  offset: number,
  steps: readonly number[],
): void {
  const counter = shape.map(() => 0);
  let place = offset;
  for (let to = 0; to < into.length; to++) {
    into[to] = from[place] ?? 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const next = (counter[axis] ?? 0) + 1;
      place += steps[axis] ?? 0;
      if (next < (shape[axis] ?? 1)) {
        counter[axis] = next;
        break;
      }
      place -= next * (steps[axis] ?? 0);
      counter[axis] = 0;
    }
  }
}
