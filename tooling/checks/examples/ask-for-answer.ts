import { toPng } from "@featuremap/visualize";
import { pictureOf } from "./digits.ts";

/** What a server answered. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Posts a picture, or what is none, to a server. */
export async function post(address: string, body?: Buffer, type = "image/png"): Promise<Answer> {
  const headers = body === undefined ? {} : { "Content-Type": type };
  const response = await fetch(address, { method: "POST", headers, ...(body && { body: new Uint8Array(body) }) });
  return { status: response.status, body: await response.json() };
}

/** What a server answers that reads this digit. */
export const reads = (digit: string): object => ({
  status: 200,
  body: { predictions: [{ label: digit }, {}, {}] },
});

const picture = pictureOf("4");

/** What a server refuses, and the status by which it says so. */
export const refused: readonly { readonly status: number; readonly body?: Buffer; readonly type?: string }[] = [
  { status: 415 },
  { status: 415, body: picture, type: "text/plain" },
  { status: 415, body: Buffer.from("no picture") },
  { status: 415, body: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>') },
  { status: 400, body: picture.subarray(0, picture.length / 2) },
  { status: 422, body: Buffer.from(toPng({ data: new Uint8Array(4100 ** 2), width: 4100, height: 4100 })) },
];
