import { FormatError } from "@featuremap/tensor";

/** Characters of a path at most. */
const longest = 32_768;

/** Names that stand in a stream one after the other; undefined after each piece of it: more are not there yet. */
export async function* readNames(
  input: AsyncIterable<Uint8Array | string>,
  { isNullSeparated }: { readonly isNullSeparated: boolean },
): AsyncGenerator<string | undefined> {
  const separator = isNullSeparated ? "\0" : "\n";
  const decoder = new TextDecoder();
  let rest = "";
  const named = (name: string): string => (isNullSeparated ? name : name.replace(/\r$/, ""));
  for await (const piece of input) {
    const names = (rest + (typeof piece === "string" ? piece : decoder.decode(piece, { stream: true }))).split(
      separator,
    );
    rest = names.pop() ?? "";
    if (rest.length > longest) {
      throw new FormatError("standard input", "a path", `at most ${longest} characters long`, "a longer one");
    }
    for (const name of names.map(named)) if (name !== "") yield name;
    yield undefined;
  }
  const last = named(rest + decoder.decode());
  if (last !== "") yield last;
}
