/** Options of which any may be null, as Keras takes None for one that is not given. */
export type OrNull<Options> = { readonly [Name in keyof Options]: Options[Name] | null };

/** The same options without those that are null. */
export function withoutNulls<Options extends object>(options: OrNull<Options>): Options {
  // What is left of required options has been checked, or is by whoever reads them.
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== null)) as Options;
}
