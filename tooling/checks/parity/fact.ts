/** Something that must be exactly as in Keras, and is the same on every device. */
export interface Fact {
  readonly name: string;
  readonly actual: unknown;
  readonly expected: unknown;
}
