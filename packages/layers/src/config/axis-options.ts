import { Option } from "@featuremap/tensor";

/** One axis, which older versions of Keras saved as a list; the last by default. */
export function axisOption(): Option<number | undefined, number> {
  return new Option<number, number>({
    ...Option.within("an integer", Number.isInteger).notNull().kind,
    read: (saved, key) => {
      const value = saved.take(key);
      const [axis, ...others]: readonly unknown[] = Array.isArray(value) ? value : [value];
      return others.length === 0 && Number.isFinite(axis) ? axis : saved.fail(key, "one axis", value);
    },
  }).default(-1);
}

/** An axis, or several that belong together. */
export type Axes = number | readonly number[];

/** An axis or several; the last alone by default. */
export function axesOption(): Option<Axes | undefined, Axes> {
  return Option.plain<Axes>({
    expected: "an integer, or a list of them",
    accepts: (axes) => areAll(axes, Number.isInteger) && [axes].flat().length > 0,
    saved: { expected: "a number or a list of numbers", accepts: (axes) => areAll(axes, Number.isFinite) },
    // Keras's None means all axes, or is an error.
    refusesNull: true,
  }).default(-1);
}

/** The same, in ascending order. */
export function ascendingAxesOption(): Option<Axes | undefined, Axes> {
  const { kind, check, usual } = axesOption();
  const inOrder = (axes: Axes): Axes => (typeof axes === "number" ? axes : axes.toSorted((a, b) => a - b));
  return new Option({ ...kind, check: (owner, name, given) => inOrder(check(owner, name, given)) }, { usual });
}

function areAll(value: unknown, accepts: (entry: unknown) => boolean): boolean {
  return [value].flat().every(accepts);
}
