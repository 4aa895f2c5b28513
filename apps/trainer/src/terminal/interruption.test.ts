import { EventEmitter } from "node:events";
import { describe, expect, test } from "vitest";
import { listenForInterruption } from "./interruption.ts";

function setUp() {
  const signals = new EventEmitter();
  const codes: number[] = [];
  const clock = { milliseconds: 0 };
  const interruption = listenForInterruption({ signals, quit: (code) => codes.push(code) }, () => clock.milliseconds);
  const press = (milliseconds: number): void => {
    clock.milliseconds = milliseconds;
    signals.emit("SIGINT");
  };
  return { signals, codes, interruption, press };
}

describe("listenForInterruption", () => {
  test("the first Ctrl-C asks for a stop, the second quits at once", () => {
    const { codes, interruption, press } = setUp();
    press(0);
    expect(interruption.signal.aborted).toBe(true);
    expect(codes).toEqual([]);
    press(2_000);
    expect(codes).toEqual([130]);
  });

  test("a signal that npm passes on once more is the same key press", () => {
    const { codes, press } = setUp();
    press(0);
    press(20);
    expect(codes).toEqual([]);
  });

  test("a file that is being written is finished before the second Ctrl-C quits", async () => {
    const { codes, interruption, press } = setUp();
    let finish: (result: string) => void = () => {};
    const written = interruption.uninterrupted(() => new Promise<string>((resolve) => (finish = resolve)));
    press(0);
    press(2_000);
    expect(codes).toEqual([]);
    finish("done");
    expect(await written).toBe("done");
    expect(codes).toEqual([130]);
  });

  test("SIGTERM asks for a stop too, and nothing is heard after stopListening", () => {
    const { signals, interruption } = setUp();
    interruption.stopListening();
    signals.emit("SIGTERM");
    expect(interruption.signal.aborted).toBe(false);
    expect(signals.listenerCount("SIGINT")).toBe(0);
  });
});
