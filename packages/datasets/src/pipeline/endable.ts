/**
 * A generator that whoever goes through it can leave while an element is on its way, however long that takes: `return()` of others
 * waits for it.
 *
 * @param read makes the elements; the signal is raised when nobody wants more
 */
export function endable<T>(
  read: (signal: AbortSignal) => AsyncGenerator<T, void, undefined>,
): AsyncGenerator<T, void, undefined> {
  const leaving = new AbortController();
  const generator = read(leaving.signal);
  const [next, leave] = [generator.next.bind(generator), generator.return.bind(generator)];
  const waiting = new Set<(end: IteratorReturnResult<void>) => void>();
  const end: IteratorReturnResult<void> = { done: true, value: undefined };
  return Object.assign(generator, {
    next: () =>
      new Promise<IteratorResult<T, void>>((resolve, reject) => {
        waiting.add(resolve);
        next()
          .finally(() => waiting.delete(resolve))
          .then(resolve, reject);
      }),
    async return() {
      leaving.abort();
      const left = leave();
      if (waiting.size === 0) return left;
      // What it waits for may never come; nobody hears of what went wrong then.
      left.catch(() => {});
      for (const resolve of waiting) resolve(end);
      return end;
    },
  });
}
