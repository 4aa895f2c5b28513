/** Python's `start:stop:step` in Keras's JSON. */
export function slice(start: number | null, stop: number | null, step: number | null): unknown {
  return { class_name: "__slice__", config: { start, stop, step } };
}
