import { countClasses } from "../data/split-places.ts";

/** What the pictures of each class count, so that all classes count alike and all pictures together as many as they are. */
export function balancedWeights(labels: ArrayLike<number>, classes: number): number[] {
  return countClasses(labels, classes).map((count) => labels.length / (classes * Math.max(1, count)));
}
