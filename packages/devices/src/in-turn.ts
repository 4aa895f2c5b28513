let last: Promise<unknown> = Promise.resolve();

/**
 * Opens and closes devices one after another, so that none is closed while it is being opened for somebody else. A failure does
 * not hold up what follows.
 */
export function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  const result = last.then(work);
  last = result.catch(() => {});
  return result;
}
