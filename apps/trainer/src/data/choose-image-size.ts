/** Height and width in pixels. */
export type Size = readonly [height: number, width: number];

/** A size for the network's inputs, and why, in words for the user. */
export interface SizeChoice {
  readonly size: Size;
  readonly reason: string;
}

/** Pictures that are all alike stay as they are up to this side. */
const longestKept = 96;
/** Sides that photos are brought to, and above how many of them a training on a CPU takes the smaller one. */
const sides = [
  { side: 160, most: 3000 },
  { side: 128, most: 20_000 },
  { side: 96, most: Number.POSITIVE_INFINITY },
] as const;
const smallest = 64;

/**
 * To which size pictures are brought where the user does not say: their own where all are alike and small, else a square
 * that keeps what their shorter sides show, as far as a training on a CPU ends within hours.
 *
 * @param sizes of some of the pictures; those of all others are taken to be like them
 * @param images how many there are to train on
 */
export function chooseImageSize(sizes: readonly Size[], images: number): SizeChoice {
  const [first] = sizes;
  if (first === undefined) return { size: [smallest, smallest], reason: "their own sizes are not known" };
  const [height, width] = first;
  const areAlike = sizes.every((size) => size[0] === height && size[1] === width);
  if (areAlike && Math.max(height, width) <= longestKept) return { size: first, reason: "as the pictures are" };
  const shorter = sizes.map((size) => Math.min(...size)).toSorted((a, b) => a - b);
  const median = shorter[Math.floor(shorter.length / 2)] ?? smallest;
  const usual = sides.find(({ most }) => images <= most)?.side ?? longestKept;
  const side = [160, 128, 96].find((each) => each <= usual && each <= median) ?? smallest;
  const reason =
    side === usual
      ? `the usual size for ${images} photos on a CPU`
      : `half of the pictures are less than ${nextSide(side)} pixels high or wide`;
  return { size: [side, side], reason };
}

function nextSide(side: number): number {
  return [96, 128, 160].find((each) => each > side) ?? side;
}
