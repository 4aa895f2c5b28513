import { EventEmitter } from "node:events";
import { AbortedError } from "@featuremap/tensor";
import { describe, expect, test } from "vitest";
import { type Interruption, runInterruptibly } from "./interruption.ts";
import type { StopSignal } from "./terminal.ts";

interface Running {
  readonly signals: EventEmitter;
  readonly codes: number[];
  readonly interruption: Interruption;
  readonly send: (signal: StopSignal, milliseconds: number) => void;
  readonly end: (error?: Error) => Promise<void>;
}

function start(): Running {
  const signals = new EventEmitter();
  const codes: number[] = [];
  const clock = { milliseconds: 0 };
  let interruption: Interruption | undefined;
  let end: (error?: Error) => void = () => {};
  const running = runInterruptibly(
    { signals, quit: (code) => codes.push(code) },
    (given) => {
      interruption = given;
      return new Promise<void>((resolve, reject) => {
        end = (error) => (error === undefined ? resolve() : reject(error));
      });
    },
    () => clock.milliseconds,
  );
  if (interruption === undefined) throw new Error("The work did not start.");
  return {
    signals,
    codes,
    interruption,
    send(signal, milliseconds) {
      clock.milliseconds = milliseconds;
      signals.emit(signal);
    },
    end(error) {
      end(error);
      return running;
    },
  };
}

describe("runInterruptibly", () => {
  test.for(["SIGINT", "SIGTERM", "SIGHUP", "SIGPIPE"] as const)("the first %s asks for a stop", (signal) => {
    const { codes, interruption, send } = start();
    expect(interruption.stoppedBy()).toBeUndefined();
    send(signal, 0);
    expect(interruption.signal.aborted).toBe(true);
    expect(interruption.stoppedBy()).toBe(signal);
    expect(codes).toEqual([]);
  });

  test.for([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("a second signal, %s, quits at once with %s", ([signal, code]) => {
    const { codes, send } = start();
    send("SIGINT", 0);
    send(signal, 2_000);
    expect(codes).toEqual([code]);
  });

  test("a signal that npm passes on once more is the same key press", () => {
    const { codes, send } = start();
    send("SIGINT", 0);
    send("SIGINT", 20);
    expect(codes).toEqual([]);
  });

  test.for(["SIGHUP", "SIGPIPE"] as const)("what is closed may say so again (%s), and cuts nothing short", (signal) => {
    const { codes, send } = start();
    send(signal, 0);
    send(signal, 5_000);
    expect(codes).toEqual([]);
  });

  test("a file that is being written is finished before the second Ctrl-C quits", async () => {
    const { codes, interruption, send } = start();
    let finish: (result: string) => void = () => {};
    const written = interruption.uninterrupted(() => new Promise<string>((resolve) => (finish = resolve)));
    send("SIGINT", 0);
    send("SIGINT", 2_000);
    expect(codes).toEqual([]);
    finish("done");
    expect(await written).toBe("done");
    expect(codes).toEqual([130]);
  });

  test.for([
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
    ["SIGPIPE", 141],
  ] as const)("work that %s stopped, with nothing to show, fails with %s", async ([signal, exitCode]) => {
    const { send, end } = start();
    send(signal, 0);
    await expect(end(new AbortedError("Stopped."))).rejects.toMatchObject({ message: "Stopped.", exitCode });
  });

  test("other failures stay what they are, and nothing is heard when the work has ended", async () => {
    const { signals, interruption, end } = start();
    await expect(end(new Error("broken"))).rejects.toThrow("broken");
    signals.emit("SIGTERM");
    expect(interruption.signal.aborted).toBe(false);
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "SIGPIPE"]) expect(signals.listenerCount(signal)).toBe(0);
  });
});
