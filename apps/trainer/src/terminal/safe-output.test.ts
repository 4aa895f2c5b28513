import { EventEmitter } from "node:events";
import { expect, test } from "vitest";
import { createSafeOutput } from "./safe-output.ts";

class Stream extends EventEmitter {
  written = "";
  failure: NodeJS.ErrnoException | undefined;

  write(text: string, done: (error?: Error | null) => void = () => {}): void {
    const { failure } = this;
    if (failure === undefined) this.written += text;
    setImmediate(() => {
      done(failure);
      if (failure !== undefined) this.emit("error", failure);
    });
  }
}

const failureOf = (code: string): NodeJS.ErrnoException => Object.assign(new Error(`${code}: what it means`), { code });

test("writes, and has nothing to tell in the end", async () => {
  const stream = new Stream();
  const output = createSafeOutput(stream);
  output.write("a");
  expect(await output.finish()).toBeUndefined();
  expect(stream.written).toBe("a");
});

test.for(["EPIPE", "EIO"])(
  "where nobody reads any more (%s), nothing is told and nothing more is written",
  async (code) => {
    const stream = new Stream();
    let left = 0;
    const output = createSafeOutput(stream, () => left++);
    stream.failure = failureOf(code);
    output.write("a");
    output.write("a");
    expect(await output.finish()).toBeUndefined();
    // A closed terminal sends a signal of its own.
    expect(left).toBe(code === "EPIPE" ? 1 : 0);
    stream.failure = undefined;
    output.write("b");
    expect(stream.written).toBe("");
  },
);

test("a full disk is told in the end", async () => {
  const stream = new Stream();
  const output = createSafeOutput(stream);
  stream.failure = failureOf("ENOSPC");
  output.write("a");
  expect(await output.finish()).toBe(stream.failure);
});
