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
