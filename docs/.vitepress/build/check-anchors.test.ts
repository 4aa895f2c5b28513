import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkAnchors } from "./check-anchors.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "site-"));
  await mkdir(join(folder, "guides"));
  await writeFile(join(folder, "guides", "data.html"), '<h2 id="files">Files</h2><a href="/base/">Home</a>');
  await writeFile(join(folder, "page.webp"), "");
});
afterAll(() => rm(folder, { recursive: true }));

async function complaint(href: string): Promise<string | undefined> {
  await writeFile(join(folder, "index.html"), `<a class="link" href="${href}">there</a>`);
  return checkAnchors(folder, "/base/").then(
    () => undefined,
    (error: Error) => error.message,
  );
}

test.for(["guides/data", "guides/data#files", "guides/data.html", "./page.webp", "https://example.org/gone"])(
  "a link to %s is good",
  async (href) => expect(await complaint(href)).toBe(undefined),
);

test.for(["#top", "guides/data#file", "guides/gone", "./gone.md"])("a link to %s leads nowhere", async (href) =>
  expect(await complaint(href)).toBe(`Links that lead nowhere:\n: ${href}`),
);
