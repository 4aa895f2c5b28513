/**
 * Lets everything else that waits for this thread run once: signals, timers, input, drawing.
 *
 * A message instead of a timer: browsers hold nested timers back by milliseconds, and in hidden tabs by seconds.
 */
export async function giveWay(): Promise<void> {
  const { port1, port2 } = new MessageChannel();
  await new Promise<void>((resolve) => {
    port1.addEventListener("message", () => {
      resolve();
    });
    port1.start();
    port2.postMessage(null);
  });
  port1.close();
}
