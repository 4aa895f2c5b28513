import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { Agent, type IncomingMessage, request } from "node:http";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { toPng } from "@featuremap/visualize";
import { afterAll, beforeAll, expect, test } from "vitest";
import { post, reads, refused } from "./ask-for-answer.ts";
import { pictureOf } from "./digits.ts";
import { useExample } from "./example-fixture.ts";
import type { ServingExample } from "./installed-example.ts";

const example = useExample("serverless-function");
let server: ServingExample;

beforeAll(async () => {
  server = await example().serve(["npm", "start"], "environment");
});
afterAll(() => server?.stop("SIGKILL"));

const classify = (body?: Buffer, type?: string) => post(`${server.address}/api/classify`, body, type);

test("reads digits, and loads the model once for all requests", async () => {
  const digits = ["3", "7", "0"];
  expect(await Promise.all(digits.map((digit) => classify(pictureOf(digit))))).toMatchObject(digits.map(reads));
  expect(await classify(await readFile(join(example().folder, "four.png")))).toMatchObject(reads("4"));
  expect(server.output().match(/Loaded the model/g)).toHaveLength(1);
});

test("says what is wrong with a request", async () => {
  const picture = pictureOf("4");
  const answers = await Promise.all([
    ...refused.map(({ body, type }) => classify(body, type)),
    classify(Buffer.alloc(4_100_000)),
  ]);
  expect(answers.map(({ status }) => status)).toEqual([...refused.map(({ status }) => status), 413]);
  for (const { body } of answers) expect(body).toEqual({ error: expect.stringMatching(/^\S.{9,}/) });
  const asked = await fetch(server.address);
  expect([asked.status, asked.headers.get("Allow")]).toEqual([405, "POST"]);
  expect(await classify(picture, "Image/PNG")).toMatchObject(reads("4"));
});

test("answers a body that is too large without waiting for its end", async () => {
  const headers = { "Content-Type": "image/png" };
  const asking = request(`${server.address}/api/classify`, { method: "POST", headers });
  const answered = once(asking, "response");
  asking.write(Buffer.alloc(5_000_000));
  const [response] = (await answered) as [IncomingMessage];
  expect([response.statusCode, await json(response)]).toEqual([413, { error: "At most 4 MB." }]);
  asking.destroy();
});

test("answers the next request on a connection on which a body was too large", async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const send = async (body: Buffer): Promise<number | undefined> => {
    const headers = { "Content-Type": "image/png" };
    const asking = request(`${server.address}/api/classify`, { method: "POST", headers, agent }).end(body);
    const [response] = (await once(asking, "response")) as [IncomingMessage];
    await json(response);
    return response.statusCode;
  };
  expect(await send(Buffer.alloc(6_000_000))).toBe(413);
  expect(await send(pictureOf("7"))).toBe(200);
  agent.destroy();
});

test("sends away what is more than it takes in hand, until others are answered", async () => {
  const large = Buffer.from(toPng({ data: new Uint8Array(3000 ** 2), width: 3000, height: 3000 }));
  const answers = await Promise.all(Array.from({ length: 24 }, () => classify(large)));
  const statuses = answers.map(({ status }) => status).toSorted((one, other) => one - other);
  expect([statuses[0], statuses.at(-1)]).toEqual([200, 503]);
  expect(await classify(pictureOf("4"))).toMatchObject(reads("4"));
});

test("is a function of Request and Response, which needs no server", async () => {
  await writeFile(
    join(example().folder, "call.js"),
    `import { readFile } from "node:fs/promises";
import host from "./api/classify.js";
const body = await readFile("four.png");
const request = new Request("https://example.org/", { method: "POST", headers: { "Content-Type": "image/png" }, body });
const response = await host.fetch(request);
console.log(response.status, (await response.json()).predictions[0].label);
process.exit();`,
  );
  expect(await example().run("node", "call.js")).toMatch(/^200 4$/m);
});
