import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { runProcess } from "../processes.mjs";
import { ReleaseError } from "./failures.mjs";
import { readPacked } from "./packed.mjs";

interface Document {
  readonly versions: Record<string, { readonly dist?: { readonly integrity?: string } }>;
  readonly "dist-tags": Record<string, string>;
}

interface Packed {
  readonly name: string;
  readonly version: string;
}

/** A registry that keeps what `npm publish` sends, under a path as GitLab's and Nexus's have. */
const documents = new Map<string, Document>();
const order: string[] = [];
/** How many more times the registry answers as if it had nothing of a package. */
const lag = new Map<string, number>();

async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(Buffer.from(piece as Uint8Array));
  return Buffer.concat(pieces).toString();
}

function isBehind(name: string): boolean {
  const left = lag.get(name) ?? 0;
  lag.set(name, left - 1);
  return left > 0;
}

const server = createServer((request, response) => {
  const answer = (status: number, body: object | null): void => {
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  };
  void (async () => {
    const [, name = ""] = /^\/npm-group\/([^?]+)/.exec(decodeURIComponent(request.url ?? "")) ?? [];
    const known = documents.get(name);
    if (request.method === "PUT") {
      const sent = JSON.parse(await bodyOf(request)) as Document;
      if (Object.keys(sent.versions).some((version) => known?.versions[version] !== undefined)) {
        answer(403, { error: "You cannot publish over the previously published versions." });
        return;
      }
      documents.set(name, {
        versions: { ...known?.versions, ...sent.versions },
        "dist-tags": { ...known?.["dist-tags"], ...sent["dist-tags"] },
      });
      order.push(`${name}@${Object.keys(sent.versions).join()} ${Object.keys(sent["dist-tags"]).join()}`);
      answer(201, {});
    } else if (known === undefined || isBehind(name)) answer(404, {});
    else answer(200, known && { name, ...known });
  })();
});

let port = 0;
const folder = mkdtempSync(join(tmpdir(), "publish-"));

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  port = typeof address === "object" && address !== null ? address.port : 0;
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  documents.clear();
  lag.clear();
  order.length = 0;
  rmSync(folder, { recursive: true });
  mkdirSync(folder);
});

const fileOf = ({ name, version }: Packed): string => `${name}-${version}.tgz`;

const integrityOf = (packed: Packed): string =>
  `sha512-${createHash("sha512")
    .update(readFileSync(join(folder, fileOf(packed))))
    .digest("base64")}`;

/** Packs packages that hold nothing but a manifest. */
async function pack(packages: readonly Packed[], more: object = {}): Promise<void> {
  for (const packed of packages) {
    mkdirSync(join(folder, "package"), { recursive: true });
    const { name, version } = packed;
    writeFileSync(join(folder, "package", "package.json"), JSON.stringify({ name, version, ...more }));
    await runProcess("tar", ["-czf", fileOf(packed), "package"], { cwd: folder, capture: true });
  }
  list(packages.map((packed) => ({ ...packed, file: fileOf(packed), integrity: integrityOf(packed) })));
}

function list(packed: unknown): void {
  writeFileSync(join(folder, "packed.json"), JSON.stringify(packed));
}

/** The registry's answer for a package that was published as it is packed now. */
function published(packed: Packed): Document {
  return {
    versions: { [packed.version]: { dist: { integrity: integrityOf(packed) } } },
    "dist-tags": { latest: packed.version },
  };
}

const environment = (): NodeJS.ProcessEnv => ({
  ...process.env,
  // Without a closing slash, as people write addresses.
  npm_config_registry: `http://127.0.0.1:${port}/npm-group`,
  [`npm_config_//127.0.0.1:${port}/npm-group/:_authToken`]: "none",
});

/** Publishes the folder as the release workflow does, but for a workspace of the given packages. */
async function publish(packages: readonly Packed[], more: NodeJS.ProcessEnv = {}) {
  const moduleOf = (file: string): string => pathToFileURL(join(import.meta.dirname, file)).href;
  const program = `
    import { runStep } from "${moduleOf("failures.mjs")}";
    import { publishAll } from "${moduleOf("publish-all.mjs")}";
    const [folder, ...names] = process.argv.slice(1);
    await runStep(() => publishAll(folder, names));`;
  const names = packages.map(({ name }) => name);
  const parameters = ["--input-type=module", "--eval", program, folder, ...names];
  return runProcess(process.execPath, parameters, { env: { ...environment(), ...more }, capture: true });
}

const first = { name: "first", version: "0.1.0" };
const second = { name: "second", version: "0.1.0" };
const packages = [first, second];

describe("publishing", () => {
  test("goes in the given order, passes over what is there, and never gives latest to an older version", async () => {
    const third = { name: "third", version: "0.1.0" };
    await pack([third, ...packages]);
    documents.set("first", published(first));
    documents.set("second", { versions: { "0.2.0": {} }, "dist-tags": { latest: "0.2.0" } });
    const { code, output } = await publish([...packages, third]);
    expect(output).toContain("first@0.1.0 is there.");
    expect(order).toEqual(["second@0.1.0 release-0.1", "third@0.1.0 latest"]);
    expect(documents.get("second")?.["dist-tags"]).toEqual({ latest: "0.2.0", "release-0.1": "0.1.0" });
    expect(documents.get("third")?.versions["0.1.0"]?.dist?.integrity).toBe(integrityOf(third));
    expect(code).toBe(0);
  });

  test("publishes nothing if one of the packages would give latest to a prerelease", async () => {
    const canaries = packages.map(({ name }) => ({ name, version: "0.1.1-canary.1" }));
    await pack(canaries);
    documents.set("first", { versions: { "0.1.0": {} }, "dist-tags": { latest: "0.1.0" } });
    const { code, output } = await publish(canaries);
    expect(output).toMatch(/^0\.1\.1-canary\.1 would become latest: publish a release first\.\n$/);
    expect(order).toEqual([]);
    expect(code).toBe(1);
  });

  test("does not begin a package on GitHub, where nobody is trusted with a name that does not exist", async () => {
    await pack(packages);
    const { output } = await publish(packages, { ACTIONS_ID_TOKEN_REQUEST_URL: "http://127.0.0.1:1/" });
    expect(output).toContain("first was never published");
    expect(order).toEqual([]);
  });

  test("publishes nothing if the registry has other files under one of the versions", async () => {
    await pack(packages);
    const other = { dist: { integrity: `sha512-${Buffer.alloc(64).toString("base64")}` } };
    documents.set("second", { versions: { "0.1.0": other }, "dist-tags": { latest: "0.1.0" } });
    const { code, output } = await publish(packages);
    expect(output).toMatch(/^http:\S+ already has other files as second@0\.1\.0; .*\n$/);
    expect(order).toEqual([]);
    expect(code).toBe(1);
  });

  test("passes over what another run has published meanwhile, if it is the same", async () => {
    await pack(packages);
    documents.set("first", published(first));
    // This program asks once, and npm itself before it sends.
    lag.set("first", 2);
    const { code, output } = await publish(packages);
    expect(output).toContain("You cannot publish over the previously published versions");
    expect(output).toContain("first@0.1.0 is there: another run has published it.");
    expect(order).toEqual(["second@0.1.0 latest"]);
    expect(code).toBe(0);
  });

  test("names a registry whose answer is none", async () => {
    await pack(packages);
    documents.set("first", null as unknown as Document);
    const { code, output } = await publish(packages);
    expect(output).toMatch(/^http:\S+ answered null when asked for first\.\n$/);
    expect(code).toBe(1);
  });

  test("names a registry that cannot be reached", async () => {
    await pack(packages);
    const { code, output } = await publish(packages, { npm_config_registry: "http://127.0.0.1:9/npm-group" });
    expect(output).toMatch(/^http:\/\/127\.0\.0\.1:9\/npm-group\/ cannot be reached: .*\n$/);
    expect(code).toBe(1);
  });
});

describe("before publishing", () => {
  const faults: readonly [string, string, () => void | Promise<void>][] = [
    ["an empty list", "lacks first, second", () => list([])],
    ["a list without a package", "lacks second", () => pack([first])],
    ["no list", "has no packed.json", () => rmSync(join(folder, "packed.json"))],
    ["a list that is no JSON", "cannot be read as JSON", () => writeFileSync(join(folder, "packed.json"), "[")],
    ["a list without integrity", "pack again", () => list(packages.map((each) => ({ ...each, file: fileOf(each) })))],
    ["no folder", "There is no folder", () => rmSync(folder, { recursive: true })],
    ["a package that is not of the workspace", "third@0.1.0", () => pack([...packages, { ...first, name: "third" }])],
    ["a package twice", "names it twice: first@0.1.0", () => pack([...packages, first])],
    ["a tarball that is gone", "has no second-0.1.0.tgz", () => rmSync(join(folder, fileOf(second)))],
    ["a tarball that is not listed", "third.tgz", () => writeFileSync(join(folder, "third.tgz"), "")],
    ["a tarball that is none", "no readable package", () => writeFileSync(join(folder, fileOf(second)), "none")],
    [
      "packages of two versions",
      "0.1.0 and 0.2.0: all share one",
      () => pack([first, { ...second, version: "0.2.0" }]),
    ],
    ["a tarball of another name", "holds other@0.1.0", () => pack(packages, { name: "other" })],
    ["a tarball of another version", "holds first@0.2.0", () => pack(packages, { version: "0.2.0" })],
    [
      "a package without its code",
      "lacks what its package.json names: main.js",
      () => pack(packages, { exports: "./main.js" }),
    ],
  ];

  test.for(faults)("%s is refused", async ([, message, spoil]) => {
    await pack(packages);
    expect(await readPacked(folder, ["first", "second"])).toHaveLength(2);
    await spoil();
    const failure: unknown = await readPacked(folder, ["first", "second"]).catch((error: unknown) => error);
    mkdirSync(folder, { recursive: true });
    expect(failure).toBeInstanceOf(ReleaseError);
    expect(String(failure)).toContain(message);
    expect(String(failure)).not.toContain("\n");
  });

  test("a tarball that was packed anew is refused", async () => {
    await pack(packages);
    const before = readFileSync(join(folder, "packed.json"));
    await pack(packages, { description: "Something else." });
    writeFileSync(join(folder, "packed.json"), before);
    const { code, output } = await publish(packages);
    expect(output).toBe("first-0.1.0.tgz is not the file that was packed: packed.json states another integrity.\n");
    expect(order).toEqual([]);
    expect(code).toBe(1);
  });
});
