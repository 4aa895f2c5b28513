import { Option } from "@featuremap/tensor";

/** The concentration of a Beta or Dirichlet distribution. */
export function concentrationOption(): Option<number> {
  return Option.within("a finite number above 0", (alpha) => Number.isFinite(alpha) && alpha > 0).notNull();
}

/** The most layers that a batch goes through: each costs a pass over the images. */
const most = 1000;

/** A number of layers. */
export function countOption(): Option<number> {
  const isCount = (count: number): boolean => Number.isInteger(count) && count >= 0 && count <= most;
  return Option.within(`an integer in [0, ${most}]`, isCount);
}
