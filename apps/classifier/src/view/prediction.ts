/** One class and how probable the network takes it to be, in [0, 1]. */
export interface Prediction {
  readonly label: string;
  readonly index: number;
  readonly probability: number;
}

/** Below this probability the page calls no class the answer. */
export const SURE = 0.5;
