import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";

/** A folder that goes again. */
export interface TemporaryFolder {
  /** Path of the folder, or of something in it. */
  path(name?: string): string;
}

/**
 * A folder that lives as long as a test file, or as the `describe` that it is called in; or as each of its tests.
 *
 * @param lifetime whether each test gets a folder of its own
 */
export function temporaryFolder(lifetime: "file" | "test" = "file"): TemporaryFolder {
  let folder = "";
  const [before, after] = lifetime === "file" ? [beforeAll, afterAll] : [beforeEach, afterEach];
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "featuremap-"));
  });
  after(() => rm(folder, { recursive: true, force: true }));
  return { path: (name = "") => join(folder, name) };
}
