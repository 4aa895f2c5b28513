/** What a test tried the packages with, for the table at the end of a rehearsal. */
interface Ran {
  readonly manager?: string;
  /** Node's version, or the name of what stands in for it. */
  readonly node?: string;
  /** Bundler, compiler or browser. */
  readonly tool?: string;
}

declare module "vitest" {
  interface TaskMeta {
    ran?: Ran;
  }
}

/** Options of a test, by which the rehearsal's table says what it was tried with. */
export function ranWith(ran: Ran): { meta: { ran: Ran } } {
  return { meta: { ran: { node: process.versions.node, ...ran } } };
}
