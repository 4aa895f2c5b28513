/**
 * Runs one piece of work at a time; of the requests that come meanwhile only the last is kept.
 *
 * @param run the work; what it throws is its own to handle
 * @returns the request
 */
export function latestOnly<Input>(run: (input: Input) => Promise<void>): (input: Input) => void {
  let running = false;
  let next: { readonly input: Input } | undefined;

  const drain = async (): Promise<void> => {
    running = true;
    try {
      while (next !== undefined) {
        const { input } = next;
        next = undefined;
        await run(input);
      }
    } finally {
      running = false;
    }
  };

  return (input) => {
    next = { input };
    if (!running) void drain();
  };
}
