import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { temporaryFolder } from "@featuremap/testing/temporary-folder";
import { expect, test } from "vitest";
import { besideLocation, openLocation } from "./storage.node.ts";

const temporary = temporaryFolder("test");

/** A folder with a model and links, beside a file that is not the model's. */
async function folderOfLinks(): Promise<string> {
  const root = temporary.path();
  const folder = join(root, "model");
  await mkdir(join(folder, "parts"), { recursive: true });
  await writeFile(join(root, "secret"), "secret");
  await writeFile(join(folder, "model.json"), "{}");
  await writeFile(join(folder, "parts", "shard"), "inside");
  await symlink(join(root, "secret"), join(folder, "out"));
  await symlink(root, join(folder, "up"));
  await symlink("parts/shard", join(folder, "in"));
  return folder;
}

test("links that lead out of a model's folder are refused, those within are followed", async () => {
  const folder = await folderOfLinks();
  const reader = await openLocation(folder);
  const document = join(folder, "model.json");
  for (const file of ["out", "up/secret"]) {
    const refusal = expect.objectContaining({
      code: "INVALID_FORMAT",
      message: expect.stringContaining("must be in the folder of the model, found a link out of it"),
    });
    await expect(reader.read(file, {})).rejects.toEqual(refusal);
    await expect(reader.open(file, {})).rejects.toEqual(refusal);
    await expect(besideLocation(document, file)).rejects.toEqual(refusal);
    await expect(besideLocation(pathToFileURL(document), file)).rejects.toEqual(refusal);
  }
  expect(new TextDecoder().decode(await reader.read("in", {}))).toBe("inside");
  expect(await besideLocation(document, "in")).toBe(join(folder, "in"));
  expect(await besideLocation(document, "absent")).toBe(join(folder, "absent"));
});

test("files of a model that is a link itself, as in a cache, may lie beside what it leads to", async () => {
  const root = temporary.path();
  await mkdir(join(root, "blobs"));
  await mkdir(join(root, "snapshot"));
  for (const name of ["document", "data"]) {
    await writeFile(join(root, "blobs", name), name);
    await symlink(`../blobs/${name}`, join(root, "snapshot", name));
  }
  const data = join(root, "snapshot", "data");
  expect(await besideLocation(join(root, "snapshot", "document"), "data")).toBe(data);
});
