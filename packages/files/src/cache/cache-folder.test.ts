import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { cacheFolderOf } from "./cache-folder.ts";

const home = resolve("/home/ada");

test.for<[NodeJS.Platform, Record<string, string>, folder: string]>([
  ["linux", {}, join(home, ".cache", "featuremap")],
  ["linux", { XDG_CACHE_HOME: resolve("/var/ada") }, join(resolve("/var/ada"), "featuremap")],
  ["linux", { XDG_CACHE_HOME: "not/absolute" }, join(home, ".cache", "featuremap")],
  ["linux", { XDG_CACHE_HOME: "" }, join(home, ".cache", "featuremap")],
  ["darwin", { XDG_CACHE_HOME: resolve("/var/ada") }, join(home, "Library", "Caches", "featuremap")],
  ["win32", {}, join(home, "AppData", "Local", "featuremap", "Cache")],
  ["win32", { LOCALAPPDATA: resolve("/local") }, join(resolve("/local"), "featuremap", "Cache")],
  ["linux", { FEATUREMAP_CACHE: resolve("/big"), XDG_CACHE_HOME: resolve("/var/ada") }, resolve("/big")],
  ["win32", { FEATUREMAP_CACHE: "here" }, resolve("here")],
  ["linux", { FEATUREMAP_CACHE: "" }, join(home, ".cache", "featuremap")],
])("on %s with %o caches lie in %s", ([platform, environment, folder]) => {
  expect(cacheFolderOf(platform, environment, home)).toBe(folder);
});
