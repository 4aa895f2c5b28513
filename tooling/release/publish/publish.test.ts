import { describe, expect, test } from "vitest";
import { canaryVersion, withCanaryVersion } from "./canary.mjs";
import { changesOf } from "./changes.mjs";
import { distTagFor } from "./dist-tag.mjs";
import { withNewRanges } from "./example-ranges.mjs";
import { ReleaseError } from "./failures.mjs";
import { missingFiles } from "./named-files.mjs";
import { inOrderOfDependence, publishedPackages } from "./packages.mjs";
import { planRelease } from "./plan-release.mjs";

describe("the dist-tag of a version", () => {
  test.for([
    ["0.1.0", undefined, "latest"],
    ["0.2.0", "0.1.9", "latest"],
    ["0.10.0", "0.9.0", "latest"],
    ["1.0.0", "1.0.0-beta.3", "latest"],
    ["0.1.3", "0.2.0", "release-0.1"],
    ["0.1.0", "0.1.0", "release-0.1"],
    ["0.3.0-canary.20261130094500-79d6a98c12", "0.2.0", "canary"],
    ["1.0.0-beta.1", "0.9.0", "beta"],
    ["1.0.0-RC1", "0.9.0", "rc"],
  ] as const)("%s after %s is %s", ([version, latest, tag]) => {
    expect(distTagFor(version, latest)).toBe(tag);
  });

  test("cannot be had for a prerelease before the first release", () => {
    expect(() => distTagFor("0.1.0-canary.1", undefined)).toThrow("publish a release first");
  });

  test.for(["latest.1", "LATEST", "Latest-2", "x", "X.1", "v1", "v", "1", "0"])(
    "cannot be had for a prerelease named %s",
    (prerelease) => {
      expect(() => distTagFor(`0.2.0-${prerelease}`, "0.1.0")).toThrow(ReleaseError);
    },
  );

  test.for(["latest", "1.0", "v1.0.0", "1.0.0 ", "1.0.0-"])("cannot be had for %s, which is no version", (version) => {
    expect(() => distTagFor(version, "1.0.0")).toThrow("is not a version");
  });
});

describe("a canary", () => {
  const time = new Date("2026-11-30T09:45:00Z");

  test("comes after the release and before the next", () => {
    expect(canaryVersion("0.1.0", time, "0123456789")).toBe("0.1.1-canary.20261130094500-0123456789");
  });

  test.for(["1.x.0", "1.0", "", "next"])("cannot be made of %s", (version) => {
    expect(() => canaryVersion(version, time, "0123456789")).toThrow("is not a version");
  });

  test("asks for exactly itself of the other packages", () => {
    const manifest =
      '{\n  "name": "a",\n  "version": "0.1.0",\n  "dependencies": { "b": "workspace:^", "c": "^1.0.0" }\n}\n';
    expect(withCanaryVersion(manifest, "0.1.1-canary.1")).toBe(
      '{\n  "name": "a",\n  "version": "0.1.1-canary.1",\n  "dependencies": { "b": "workspace:*", "c": "^1.0.0" }\n}\n',
    );
  });
});

describe("the plan for a commit", () => {
  const published = { name: "a", version: "0.1.0", publication: { versions: ["0.1.0"], tags: { latest: "0.1.0" } } };
  const waiting = { ...published, name: "b", version: "0.2.0" };

  test("is a release of the versions that the registry lacks", () => {
    expect(planRelease(0, [published, waiting])).toEqual({
      version: false,
      release: true,
      canary: false,
      reason: "To be published: b@0.2.0.",
    });
  });

  test("is a version and a canary while changes wait", () => {
    expect(planRelease(2, [published, waiting])).toMatchObject({ version: true, release: false, canary: true });
  });

  test("is a canary otherwise", () => {
    expect(planRelease(0, [published])).toMatchObject({ version: false, release: false, canary: true });
  });

  test("publishes nothing until a maintainer has published each package once", () => {
    const plan = planRelease(0, [published, { ...waiting, publication: undefined }]);
    expect(plan).toMatchObject({
      release: false,
      canary: false,
      reason: expect.stringContaining("Not published yet: b."),
    });
  });
});

describe("the published packages", () => {
  test("come after what they depend on", () => {
    const names = publishedPackages().map(({ name }) => name);
    expect(names[0]).toBe("@featuremap/tensor");
    expect(names.at(-1)).toBe("featuremap");
    for (const { name, dependencies } of publishedPackages()) {
      const later = Object.keys(dependencies).filter((needed) => names.indexOf(needed) > names.indexOf(name));
      expect({ name, later }).toEqual({ name, later: [] });
    }
  });

  test("cannot depend on each other in a circle", () => {
    const circle = [
      { name: "a", dependencies: { b: "*" } },
      { name: "b", dependencies: { a: "*" } },
    ];
    expect(() => inOrderOfDependence(circle)).toThrow("circle");
  });
});

describe("what a packed package lacks", () => {
  const manifest = {
    exports: {
      ".": { types: "./dist/index.d.ts", default: "./dist/index.js" },
      "./contract/*": "./dist/contract/*.js",
      "./package.json": "./package.json",
      "./private/*": null,
    },
    imports: { "#disk": { node: "./dist/disk.js", default: "other-package" } },
    bin: { a: "dist/cli.js" },
  };
  const files = [
    "package.json",
    "dist/index.d.ts",
    "dist/index.js",
    "dist/contract/add.js",
    "dist/disk.js",
    "dist/cli.js",
  ];

  test("is nothing where every named file is there", () => {
    expect(missingFiles(manifest, files)).toEqual([]);
    expect(missingFiles({ bin: "./dist/cli.js" }, files)).toEqual([]);
    expect(missingFiles({}, [])).toEqual([]);
  });

  test.for(["dist/index.d.ts", "dist/index.js", "dist/disk.js", "dist/cli.js"])("is %s where that is gone", (gone) => {
    expect(
      missingFiles(
        manifest,
        files.filter((file) => file !== gone),
      ),
    ).toEqual([gone]);
  });

  test("is a pattern that matches no file", () => {
    const others = files.filter((file) => file !== "dist/contract/add.js");
    expect(missingFiles(manifest, [...others, "dist/contract/.js"])).toEqual(["dist/contract/*.js"]);
  });
});

describe("the changes of a version", () => {
  const changelog = "# a\n\n## 0.2.0\n\n## 0.1.1\n\n- Two.\n\n### Patch Changes\n\n- Three.\n\n## 0.1.0\n\nOne.\n";

  test.for([
    ["0.2.0", ""],
    ["0.1.1", "- Two.\n\n### Patch Changes\n\n- Three."],
    ["0.1.0", "One."],
  ] as const)("%s are its section", ([version, changes]) => {
    expect(changesOf(changelog, version)).toBe(changes);
  });

  test("must be there", () => {
    expect(() => changesOf(changelog, "0.3.0")).toThrow("0.3.0");
  });
});

test("an example asks for the new versions of our packages, and of no others", () => {
  const manifest = '{ "dependencies": { "@featuremap/images": "^0.1.0", "vite": "^8.3.8" } }';
  expect(withNewRanges(manifest, new Map([["@featuremap/images", "0.2.0"]]))).toBe(
    '{ "dependencies": { "@featuremap/images": "^0.2.0", "vite": "^8.3.8" } }',
  );
});
