/** What a step takes and gives: tensors of a graph, or their numbers in a plan. */
interface Step<Value> {
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
}

/**
 * For each step in turn the values that nobody looks at once it is done.
 *
 * @param ends what goes into the first and comes out of the last steps, which belongs to others
 */
export function spentValues<Value>(
  steps: readonly Step<Value>[],
  ends: readonly Value[],
): readonly (readonly Value[])[] {
  const last = new Map<Value, number>();
  steps.forEach(({ inputs, outputs }, step) => {
    for (const value of [...inputs, ...outputs]) last.set(value, step);
  });
  for (const value of ends) last.delete(value);
  const spent = steps.map((): Value[] => []);
  for (const [value, step] of last) spent[step]?.push(value);
  return spent;
}
