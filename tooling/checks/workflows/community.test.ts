import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";

const root = new URL("../../../", import.meta.url);

function read(path: string): Readonly<Record<string, unknown>> {
  return parse(readFileSync(new URL(path, root), "utf8"));
}

describe.for(["bug", "feature"])("the form %s", (name) => {
  test("is one that GitHub shows", () => {
    const form = read(`.github/ISSUE_TEMPLATE/${name}.yml`);
    const fields = form["body"] as readonly { readonly id: string }[];
    expect(form).toEqual({
      name: expect.any(String),
      description: expect.any(String),
      labels: [expect.any(String)],
      body: expect.any(Array),
    });
    expect(new Set(fields.map(({ id }) => id)).size).toBe(fields.length);
    for (const field of fields) {
      expect(field).toMatchObject({
        type: expect.stringMatching(/^(textarea|input)$/),
        id: expect.stringMatching(/^[a-z]+$/),
        attributes: { label: expect.any(String) },
      });
    }
  });
});

test("the citation file has what its format requires", () => {
  expect(read("CITATION.cff")).toMatchObject({
    "cff-version": "1.2.0",
    message: expect.any(String),
    title: expect.any(String),
    type: "software",
    authors: [{ name: expect.any(String) }],
    license: "MIT",
  });
});
