import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { startWorkers } from "./platform.browser.ts";
import type { WorkerStart } from "./workers.ts";

/** What a page's worker does once it is opened: reports, fails to load, or nothing. */
type Fate = "reports" | "fails" | "nothing";

/** The workers that were opened, as far as a page can tell them apart. */
let opened: FakeWorker[];
let fateOf: (address: URL | string) => Fate;

class FakeWorker extends EventTarget {
  readonly address: string;
  ended = false;
  readonly #fate: Fate;

  constructor(address: URL | string) {
    super();
    this.address = String(address);
    this.#fate = fateOf(address);
    opened.push(this);
  }

  postMessage(): void {
    const type = { reports: "message", fails: "error", nothing: "nothing" }[this.#fate];
    queueMicrotask(() => this.dispatchEvent(new Event(type)));
  }

  terminate(): void {
    this.ended = true;
  }
}

const start: Omit<WorkerStart, "index"> = {
  module: new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)),
  memory: new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }),
  threads: 3,
  patience: 0,
};

const isText = (address: URL | string): boolean => String(address).startsWith("blob:");

beforeEach(() => {
  opened = [];
  vi.stubGlobal("Worker", FakeWorker);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe("a page's workers", () => {
  test("run a script that is part of the code", async () => {
    fateOf = () => "reports";
    await startWorkers(start);
    expect(opened.map(({ address }) => isText(address))).toEqual([true, true]);
  });

  test("run the package's file where the page's policy forbids such a script", async () => {
    fateOf = (address) => (isText(address) ? "fails" : "reports");
    await startWorkers(start);
    expect(opened.map(({ address, ended }) => [isText(address), ended])).toEqual([
      [true, true],
      [true, true],
      [false, false],
      [false, false],
    ]);
    expect(opened.at(-1)?.address).toBe(new URL("../../worker/browser.js", import.meta.url).href);
  });

  test("that do not start at all are an error which names the page's policy", async () => {
    fateOf = () => "fails";
    await expect(startWorkers(start)).rejects.toMatchObject({
      code: "UNAVAILABLE",
      message: expect.stringMatching(/one of 2 worker threads did not start: .*worker-src blob:/),
    });
    expect(opened.every(({ ended }) => ended)).toBe(true);
  });

  test("that Trusted Types forbid are an error which names these", async () => {
    fateOf = () => {
      throw new TypeError("Failed to construct 'Worker': This document requires 'TrustedScriptURL' assignment.");
    };
    await expect(startWorkers(start)).rejects.toMatchObject({
      code: "UNAVAILABLE",
      message: expect.stringMatching(/'TrustedScriptURL'.* \(require-trusted-types-for needs a default policy\)/),
    });
  });

  test("are not waited for longer than 30 seconds where one says nothing", async () => {
    vi.useFakeTimers();
    fateOf = () => (opened.length === 0 ? "reports" : "nothing");
    const attempt = startWorkers(start).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(await attempt).toMatchObject({
      code: "UNAVAILABLE",
      message: expect.stringContaining("it has not reported for 30 seconds"),
    });
    expect(opened.map(({ ended }) => ended)).toEqual([true, true]);
  });

  test("are taken for dead where one has held its task for over a minute", async () => {
    fateOf = () => "reports";
    const workers = await startWorkers(start);
    workers.lookForFailure(60_000);
    expect(workers.failure).toBeUndefined();
    workers.lookForFailure(60_001);
    expect(workers.failure?.message).toBe("it has not answered for 60 seconds");
  });
});
