import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { packageManager, root } from "./workspace.mjs";

test("every mention of pnpm's version is the one that package.json pins", () => {
  expect(packageManager).toMatch(/^pnpm@\d+\.\d+\.\d+$/);
  const catalog = readFileSync(join(root, "pnpm-workspace.yaml"), "utf8");
  expect(/^ {2}pnpm: (.+)$/m.exec(catalog)?.[1]).toBe(packageManager.slice("pnpm@".length));
  // Files that git knows, so that nothing installed or built is read.
  const listed = execFileSync("git", ["grep", "-hoE", "pnpm@[0-9][^ `\"',]*", "--", ":!pnpm-lock.yaml"], { cwd: root });
  const mentions = new Set(listed.toString().trim().split("\n"));
  expect([...mentions]).toEqual([packageManager]);
});
