import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { type IncomingMessage, request } from "node:http";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { toPng } from "@featuremap/visualize";
import { afterAll, beforeAll, expect, test } from "vitest";
import { post, reads } from "./ask-for-answer.ts";
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
    classify(),
    classify(picture, "text/plain"),
    classify(Buffer.from("no picture")),
    classify(picture.subarray(0, picture.length / 2)),
    classify(Buffer.from(toPng({ data: new Uint8Array(5100 ** 2), width: 5100, height: 5100 }))),
    classify(Buffer.alloc(6_000_000)),
    post(`${server.address}/elsewhere`, picture),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([415, 415, 400, 400, 422, 413, 404]);
  for (const { body } of answers) expect(body).toEqual({ error: expect.stringMatching(/^\S.{9,}/) });
  expect(await classify(picture)).toMatchObject(reads("4"));
});

// Windows has no SIGTERM: its programs are ended, whatever they do.
test.runIf(process.platform !== "win32")("answers what it was asked before it stops", async () => {
  // npm itself does not wait for anything, and a host starts the program without it.
  const other = await example().serve(["node", "server.js"], "environment");
  const picture = pictureOf("7");
  const headers = { "Content-Type": "image/png", "Content-Length": picture.length };
  const asking = request(`${other.address}/classify`, { method: "POST", headers });
  const answered = once(asking, "response");
  asking.write(picture.subarray(0, 100));
  // The server has seen the half of it by the time it answers this.
  await fetch(`${other.address}/health`);
  const stopped = other.stop("SIGTERM");
  await expect.poll(() => other.output()).toContain("Stopping.");
  asking.end(picture.subarray(100));
  const [response] = (await answered) as [IncomingMessage];
  expect(response.statusCode).toBe(200);
  expect(await json(response)).toMatchObject({ predictions: [{ label: "7" }, {}, {}] });
  expect(await stopped).toBe(0);
  await expect(fetch(other.address)).rejects.toThrow("fetch failed");
});
