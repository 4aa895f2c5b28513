/** What an operation does and holds besides reading its inputs and writing its outputs. */
export interface InnerWork {
  /** Multiply-adds, and elements read that lie under a window. */
  readonly operations: number;
  /** Elements of what is made on the way, as far as they may be many more than those of inputs and outputs. */
  readonly elements: number;
}
