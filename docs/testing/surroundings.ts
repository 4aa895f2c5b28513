/** What the text around a page's code stands for, by the page's path: declarations with which that code compiles. */
export const surroundings: Readonly<Record<string, string>> = {
  "docs/guides/data.md": "declare const input: HTMLInputElement & { readonly files: FileList };",
};

/** The same of code that is not run. */
export const surroundingsOfNotRun: Readonly<Record<string, string>> = {
  "docs/guides/keras-models.md": `
    import { type Dense, registerKerasSerializable } from "@featuremap/layers";
    declare const LayerScale: typeof Dense;
  `,
};
