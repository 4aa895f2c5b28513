import { describe, expect, test } from "vitest";
import changelog from "./changelog.cjs";

describe("the lines of a changelog", () => {
  test("are a changeset's own words, indented as one item", async () => {
    const summary = "\n`openFile` reads a `Blob` too.\nSo do:\n\n- `readFileWhole`\n";
    expect(await changelog.getReleaseLine({ summary })).toBe(
      "- `openFile` reads a `Blob` too.\n  So do:\n\n  - `readFileWhole`",
    );
  });

  test("leave out packages that only follow", async () => {
    expect(await changelog.getDependencyReleaseLine()).toBe("");
  });
});
