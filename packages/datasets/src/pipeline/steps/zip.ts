import { type Elements, type Run, done, isIndexed, listOf } from "../elements.ts";
import { indexed } from "../indexed.ts";

/** Elements of several datasets side by side. */
export type Zipped<Parts extends readonly unknown[]> = { -readonly [Place in keyof Parts]: Parts[Place] };

export function zipElements<Parts extends readonly unknown[]>(parts: {
  readonly [Place in keyof Parts]: Elements<Parts[Place]>;
}): Elements<Zipped<Parts>> {
  const all: readonly Elements<unknown>[] = parts;
  const name = `zip(${all.map((part) => part.name).join(", ")})`;
  const sizes = all.map((part) => part.size);
  // One of unknown size may be the shortest.
  const size = sizes.every((each) => each !== undefined) ? Math.min(...sizes) : undefined;
  const pieces = all.filter(isIndexed);
  if (pieces.length === all.length && size !== undefined) {
    const depth = Math.max(...pieces.map(({ concurrency }) => concurrency));
    return indexed(name, size, depth, async (index, pass) => {
      // each part gave an element of its own type
      return (await Promise.all(pieces.map((part) => part.at(index, pass)))) as Zipped<Parts>;
    });
  }
  return {
    name,
    size,
    open(pass, state) {
      const states = state === undefined ? undefined : listOf(state, all.length);
      const runs: readonly Run<unknown>[] = all.map((part, place) => part.open(pass, states?.[place]));
      let saved = runs.map((run) => run.save());
      const close = async (): Promise<void> => {
        await Promise.all(runs.map((run) => run.close()));
      };
      return {
        async next() {
          const results = await Promise.all(runs.map((run) => run.next()));
          if (results.some((result) => result.done)) {
            await close();
            return done;
          }
          saved = runs.map((run) => run.save());
          return { done: false, value: results.map((result) => result.value) as Zipped<Parts> };
        },
        save: () => saved,
        close,
      };
    },
  };
}
