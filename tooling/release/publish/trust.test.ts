import { expect, test } from "vitest";
import { trustedPublisher } from "./trusted.mjs";

const ours = { id: "a1", type: "github", file: "release.yml", repository: "featuremap/featuremap", environment: "npm" };

/** As npm prints it: an empty line, then each publisher with its permissions. */
const listed = (...publishers: readonly object[]): string =>
  `\n${publishers.map((each) => JSON.stringify({ ...each, permissions: ["createPackage"] }, null, 2)).join("\n\n")}\n\n`;

test.for<[string, string, string]>([
  ["nothing", "", "none"],
  ["an empty line", "\n", "none"],
  ["the workflow", listed(ours), "set"],
  ["the workflow beside another", listed({ ...ours, file: "other.yml" }, ours), "set"],
  ["another file", listed({ ...ours, file: "other.yml" }), "other"],
  ["a fork", listed({ ...ours, repository: "someone/featuremap" }), "other"],
  ["no environment", listed({ ...ours, environment: undefined }), "other"],
  ["another provider", listed({ ...ours, type: "gitlab" }), "other"],
])("a list of %s tells whether a package trusts the workflow", ([, output, expected]) => {
  expect(trustedPublisher(output)).toBe(expected);
});
