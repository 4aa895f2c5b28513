/** What became of one case of the specs. */
export interface Case {
  readonly name: string;
  /** Jasmine's own word: a pending case is one that its authors switched off. */
  readonly status: "passed" | "failed" | "pending" | "excluded";
  readonly milliseconds: number;
  readonly messages: readonly string[];
}
