import { type Elements, type Run, countOf, isIndexed, partOf } from "../elements.ts";
import { indexed } from "../indexed.ts";

export function concatenateElements<T>(parts: readonly Elements<T>[]): Elements<T> {
  const name = `concatenate(${parts.map((part) => part.name).join(", ")})`;
  const size = parts.reduce<number | undefined>(
    (sum, part) => (sum === undefined || part.size === undefined ? undefined : sum + part.size),
    0,
  );
  const pieces = parts.filter(isIndexed);
  if (pieces.length === parts.length && size !== undefined) {
    const depth = Math.max(1, ...pieces.map(({ concurrency }) => concurrency));
    return indexed(name, size, depth, (index, pass) => {
      let place = index;
      let last = 0;
      for (let part = pieces[last]; part !== undefined && place >= part.size; part = pieces[++last]) place -= part.size;
      // An index within the size lies in one of the parts.
      return (pieces[last] as (typeof pieces)[number]).at(place, pass);
    });
  }
  return {
    name,
    size,
    open(pass, state) {
      let part = state === undefined ? 0 : countOf(partOf(state, "part"), parts.length - 1);
      const openPart = (from?: ReturnType<Run<T>["save"]>): Run<T> | undefined => parts[part]?.open(pass, from);
      let run = openPart(state === undefined ? undefined : partOf(state, "from"));
      return {
        async next() {
          for (;;) {
            const result = await run?.next();
            if (result === undefined) return { done: true, value: undefined };
            if (!result.done || part === parts.length - 1) return result;
            await run?.close();
            part++;
            run = openPart();
          }
        },
        save: () => ({ part, from: run?.save() ?? null }),
        close: async () => run?.close(),
      };
    },
  };
}
