import { balancedClassWeight } from "@featuremap/training";

/** What the pictures of each class count, so that all classes that have any count alike and all pictures together as many as they are. */
export function balancedWeights(labels: ArrayLike<number>, classes: number): number[] {
  const weights = balancedClassWeight(labels, classes);
  return Array.from({ length: classes }, (_, label) => weights[label] ?? 1);
}
