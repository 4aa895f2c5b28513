/** What a function makes of each element, in order; at most `most` are worked on at once. */
export async function mapConcurrently<Element, Result>(
  elements: readonly Element[],
  most: number,
  work: (element: Element) => Promise<Result>,
): Promise<Result[]> {
  const results = new Array<Result>(elements.length);
  let next = 0;
  const run = async (): Promise<void> => {
    for (let index = next++; index < elements.length; index = next++) {
      results[index] = await work(elements[index] as Element);
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, elements.length) }, run));
  return results;
}
