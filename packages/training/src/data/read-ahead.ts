/**
 * The same items, each asked for while the one before is still being worked on.
 *
 * Only an asynchronous source gains: files are read and images decoded while the device works. A synchronous one is
 * asked when its item is needed, which on devices that work by themselves is while they do.
 */
export async function* readAhead<Item>(source: AsyncIterable<Item> | Iterable<Item>): AsyncGenerator<Item, void> {
  if (!(Symbol.asyncIterator in source)) {
    yield* source;
    return;
  }
  const iterator = source[Symbol.asyncIterator]();
  let next = iterator.next();
  try {
    for (let result = await next; result.done !== true; result = await next) {
      next = iterator.next();
      // Whoever awaits it gets the error; nobody does where the loop ends early.
      next.catch(() => {});
      yield result.value;
    }
  } finally {
    await iterator.return?.();
  }
}
