import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { type IncomingMessage, request } from "node:http";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { post, reads, refused } from "./ask-for-answer.ts";
import { pictureOf } from "./digits.ts";
import { useExample } from "./example-fixture.ts";
import type { ServingExample } from "./installed-example.ts";

const example = useExample("express-server");
let server: ServingExample;

beforeAll(async () => {
  server = await example().serve(["npm", "start"], "environment");
});
afterAll(() => server?.stop("SIGKILL"));

const classify = (body?: Buffer, type?: string) => post(`${server.address}/classify`, body, type);

test("reads the digit that its README sends, and others, also many at once", async () => {
  expect(await classify(await readFile(join(example().folder, "four.png")))).toMatchObject(reads("4"));
  const digits = ["3", "7", "0", "4", "3", "7", "0", "4"];
  expect(await Promise.all(digits.map((digit) => classify(pictureOf(digit))))).toMatchObject(digits.map(reads));
});

test("says what is wrong with a request", async () => {
  const picture = pictureOf("4");
  const answers = await Promise.all([
    ...refused.map(({ body, type }) => classify(body, type)),
    classify(Buffer.alloc(6_000_000)),
    post(`${server.address}/elsewhere`, picture),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([...refused.map(({ status }) => status), 413, 404]);
  for (const { body } of answers) expect(body).toEqual({ error: expect.stringMatching(/^\S.{9,}/) });
  expect(await classify(picture, "Image/PNG")).toMatchObject(reads("4"));
});

test("sends away what is more than it takes in hand, until others are answered", async () => {
  const asking = Array.from({ length: 16 }, () => askHalf(server, pictureOf("7")));
  const more = () => fetch(`${server.address}/classify`, { method: "POST" });
  await expect.poll(async () => (await more()).status).toBe(503);
  expect((await more()).headers.get("Retry-After")).toMatch(/^\d+$/);
  expect((await fetch(`${server.address}/health`)).status).toBe(200);
  for (const { goOn } of asking.slice(1)) goOn();
  const answers = await Promise.all(asking.slice(1).map(({ answered }) => answered));
  expect(answers.map(([{ statusCode }]) => statusCode)).toEqual(answers.map(() => 200));
  asking[0]?.request.on("error", () => {}).destroy();
  expect(await classify(pictureOf("4"))).toMatchObject(reads("4"));
});

test("says in one line why it does not start", async () => {
  await writeFile(
    join(example().folder, "with-port.js"),
    'process.env.PORT = process.argv[2] ?? ""; await import("./server.js");',
  );
  const start = async (port?: string) => {
    const running = example().run("node", "with-port.js", ...(port === undefined ? [] : [port]));
    const error = await running.catch((reason: Error) => reason);
    return error instanceof Error ? error.message.split("\n").slice(1) : [];
  };
  const taken = createServer().listen(0);
  const usual = createServer().on("error", () => {});
  usual.listen(3000);
  await Promise.all([once(taken, "listening"), Promise.race([once(usual, "listening"), once(usual, "error")])]);
  const { port } = taken.address() as AddressInfo;
  const wrong = ["abc", "70000", "-1", "3.5"];
  const found = await Promise.all([...wrong, String(port), undefined].map(start));
  const cannot = (number: number) =>
    expect.stringMatching(new RegExp(`^Cannot listen on port ${number}: .*EADDRINUSE`));
  expect(found).toEqual([
    ...wrong.map((text) => [`PORT is a number from 0 to 65535, not ${text}.`, ""]),
    [cannot(port), ""],
    [cannot(3000), ""],
  ]);
  taken.close();
  usual.close();
});

// Windows has no SIGTERM: its programs are ended, whatever they do.
test.runIf(process.platform !== "win32")("answers what it was asked before it stops", async () => {
  // npm itself does not wait for anything, and a host starts the program without it.
  const other = await example().serve(["node", "server.js"], "environment");
  const { goOn, answered } = askHalf(other, pictureOf("7"));
  // The server has seen the half of it by the time it answers this.
  await fetch(`${other.address}/health`);
  const stopped = other.stop("SIGTERM");
  await expect.poll(() => other.output()).toContain("Stopping.");
  goOn();
  const [response] = await answered;
  expect(response.statusCode).toBe(200);
  expect(await json(response)).toMatchObject({ predictions: [{ label: "7" }, {}, {}] });
  expect(await stopped).toBe(0);
  await expect(fetch(other.address)).rejects.toThrow("fetch failed");
});

test.runIf(process.platform !== "win32")("ends in silence what nobody waits for any more", async () => {
  const other = await example().serve(["node", "server.js"], "environment");
  const sender = new AbortController();
  const large = new Uint8Array(pictureOf("7", 3000));
  const headers = { "Content-Type": "image/png" };
  const sending = Array.from({ length: 8 }, () =>
    fetch(`${other.address}/classify`, { method: "POST", headers, body: large, signal: sender.signal }),
  );
  // By the time it answers this, it decodes the first and others wait.
  await fetch(`${other.address}/health`);
  sender.abort();
  await Promise.allSettled(sending);
  expect(await other.stop("SIGINT")).toBe(0);
  expect(other.output().trim().split("\n")).toEqual([expect.stringMatching(/^Listening/), "Stopping."]);
});

/** Sends the beginning of a picture; `goOn` sends the rest. */
function askHalf({ address }: ServingExample, picture: Buffer) {
  const headers = { "Content-Type": "image/png", "Content-Length": picture.length };
  const asking = request(`${address}/classify`, { method: "POST", headers });
  const answered = once(asking, "response") as Promise<[IncomingMessage]>;
  answered.catch(() => {});
  asking.write(picture.subarray(0, 100));
  return { request: asking, answered, goOn: () => asking.end(picture.subarray(100)) };
}
