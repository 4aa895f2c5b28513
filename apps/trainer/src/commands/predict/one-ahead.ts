/** The same items, each of them begun while the one before it is used. */
export async function* oneAhead<Item>(items: AsyncIterable<Item>): AsyncGenerator<Item> {
  const iterator = items[Symbol.asyncIterator]();
  const begin = (): Promise<IteratorResult<Item>> => {
    const next = iterator.next();
    // It is awaited in its turn.
    next.catch(() => undefined);
    return next;
  };
  let next = begin();
  try {
    for (;;) {
      const { done, value } = await next;
      if (done === true) return;
      next = begin();
      yield value;
    }
  } finally {
    // Where it is left early, nobody waits for what the items themselves wait for.
    iterator.return?.().catch(() => undefined);
  }
}
