import type { InputShape } from "./input-shape.ts";

/** Where a network that takes pictures of any size does not know theirs. */
const unknownSide = 32;
/** Longer sides begin with a stride of 2: their first maps would take most of the time. */
const longestFullSide = 64;
/** Length of the shorter side after the last halving, about. */
const lastSide = 4;

/** Whether pictures are so large that a network's first convolution had better halve them. */
export function isLarge([height, width]: InputShape): boolean {
  return Math.max(height ?? unknownSide, width ?? unknownSide) > longestFullSide;
}

/** How many stages halve the shorter side to about 4, with the first convolution's stride before them. */
export function stagesFor(inputShape: InputShape): number {
  const [height, width] = inputShape;
  const side = Math.min(height ?? unknownSide, width ?? unknownSide);
  const halvings = Math.max(2, Math.round(Math.log2(side / lastSide)));
  return isLarge(inputShape) ? Math.max(2, halvings - 1) : halvings;
}
