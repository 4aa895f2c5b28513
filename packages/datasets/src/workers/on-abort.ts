const listeners = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls back when a signal is raised. However many wait, the signal has one listener: Node warns of more than ten.
 *
 * @returns waits no longer
 */
export function onAbort(signal: AbortSignal, call: () => void): () => void {
  let waiting = listeners.get(signal);
  if (waiting === undefined) {
    const calls = new Set<() => void>();
    waiting = calls;
    listeners.set(signal, calls);
    signal.addEventListener("abort", () => calls.forEach((each) => each()), { once: true });
  }
  const calls = waiting;
  calls.add(call);
  return () => void calls.delete(call);
}
