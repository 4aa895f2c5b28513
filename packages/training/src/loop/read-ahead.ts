/** Asked before each step: an `AbortSignal`, or what else may end a pass. */
export interface EndSignal {
  readonly aborted: boolean;
  /** Hears of the signal alone. */
  addEventListener(type: "abort", listener: () => void, options?: { readonly once?: boolean }): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/**
 * The same items, each asked for while the one before is still being worked on.
 *
 * Only an asynchronous source gains: files are read and images decoded while the device works. A synchronous one is
 * asked when its item is needed, which on devices that work by themselves is while they do.
 *
 * @param signal where it comes while an item is awaited, which may never come, the source is left without it
 * @param onLeave told then
 */
export async function* readAhead<Item>(
  source: AsyncIterable<Item> | Iterable<Item>,
  signal?: EndSignal,
  onLeave?: () => void,
): AsyncGenerator<Item, void> {
  if (!(Symbol.asyncIterator in source)) {
    yield* source;
    return;
  }
  const iterator = source[Symbol.asyncIterator]();
  let next = iterator.next();
  let isLeft = false;
  try {
    for (;;) {
      const result = await unlessAborted(next, signal);
      isLeft = result === undefined;
      if (isLeft) onLeave?.();
      if (result === undefined || result.done === true) return;
      next = iterator.next();
      // Whoever awaits it gets the error; nobody does where the loop ends early.
      next.catch(() => {});
      yield result.value;
    }
  } finally {
    const closed = Promise.resolve(iterator.return?.());
    // A generator ends only after what it awaits itself.
    if (isLeft) closed.catch(() => {});
    else await closed;
  }
}

/** What a promise gives, or undefined where the signal comes before it. */
async function unlessAborted<Value>(
  promise: Promise<Value>,
  signal: EndSignal | undefined,
): Promise<Value | undefined> {
  if (signal === undefined) return promise;
  let stop = (): void => {};
  const stopped = new Promise<undefined>((resolve) => {
    stop = () => resolve(undefined);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
  try {
    // What is there already comes first.
    return await Promise.race([promise, stopped]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
