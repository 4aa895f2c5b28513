import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { type Server, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "./run.ts";

const root = join(import.meta.dirname, "..", "..", "..");

/** The published packages as a registry has them, on this machine; all other packages come from where they always do. */
export interface PackageRegistry {
  readonly address: string;
  /** Where the packed command lies, which has no scope of ours to be asked for under. */
  readonly command: string;
  close(): Promise<void>;
}

interface PackedPackage {
  readonly manifest: { readonly name: string; readonly version: string };
  readonly file: string;
  readonly bytes: Buffer;
}

/** Packs every published package as `pnpm publish` would, and serves what was packed. */
export async function servePackages(): Promise<PackageRegistry> {
  const folder = await mkdtemp(join(tmpdir(), "registry-"));
  const packed: PackedPackage[] = [];
  for (const source of [...(await packageFolders()), join(root, "apps", "trainer")])
    packed.push(await pack(source, folder));
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? "");
    const byFile = packed.find(({ file }) => path === `/${file}`);
    const byName = packed.find(({ manifest }) => path === `/${manifest.name}`);
    if (byFile !== undefined) response.end(byFile.bytes);
    else if (byName !== undefined)
      response.setHeader("Content-Type", "application/json").end(describe(byName, address));
    else response.writeHead(404).end();
  });
  const address = await listen(server);
  return {
    address,
    command: join(folder, packed.find(({ manifest }) => manifest.name === "featuremap")?.file ?? ""),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true });
    },
  };
}

/** Folders of the packages under `packages/`. */
export async function packageFolders(): Promise<string[]> {
  const entries = await readdir(join(root, "packages"));
  return entries.toSorted().map((entry) => join(root, "packages", entry));
}

async function pack(source: string, registry: string): Promise<PackedPackage> {
  const folder = join(registry, String(source.split(/[\\/]/).at(-1)));
  await mkdir(folder);
  await run("pnpm", ["pack", "--pack-destination", folder], { cwd: source });
  const [name = ""] = await readdir(folder);
  const bytes = await readFile(join(folder, name));
  const manifest = JSON.parse(
    await run("tar", ["-xzOf", join(folder, name), "package/package.json"], { cwd: registry }),
  );
  return { manifest, file: `${folder.slice(registry.length + 1)}/${name}`, bytes };
}

/** What a registry tells about a package of one version. */
function describe({ manifest, file, bytes }: PackedPackage, address: string): string {
  const dist = {
    tarball: `${address}${file}`,
    integrity: `sha512-${createHash("sha512").update(bytes).digest("base64")}`,
    shasum: createHash("sha1").update(bytes).digest("hex"),
  };
  const { name, version } = manifest;
  return JSON.stringify({ name, "dist-tags": { latest: version }, versions: { [version]: { ...manifest, dist } } });
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}
