import { join, resolve } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { cacheFolderOf } from "./cache-folder.ts";
import { homeFolder } from "./home-folder.ts";

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

describe("without a home", () => {
  test.for<[NodeJS.Platform, Record<string, string>, folder: string]>([
    ["linux", { FEATUREMAP_CACHE: resolve("/big") }, resolve("/big")],
    ["linux", { XDG_CACHE_HOME: resolve("/var/ada") }, join(resolve("/var/ada"), "featuremap")],
    ["win32", { LOCALAPPDATA: resolve("/local") }, join(resolve("/local"), "featuremap", "Cache")],
  ])("on %s with %o caches lie in %s", ([platform, environment, folder]) => {
    expect(cacheFolderOf(platform, environment, undefined)).toBe(folder);
  });

  test.for<[NodeJS.Platform, Record<string, string>]>([
    ["linux", {}],
    ["linux", { XDG_CACHE_HOME: "not/absolute" }],
    ["darwin", { XDG_CACHE_HOME: resolve("/var/ada") }],
    ["win32", {}],
  ])("on %s with %o there are none", ([platform, environment]) => {
    const message = "The user has no home to keep a cache in. Set FEATUREMAP_CACHE to a folder.";
    const refusal = expect.objectContaining({ code: "UNAVAILABLE", message });
    expect(() => cacheFolderOf(platform, environment, undefined)).toThrow(refusal);
  });
});

describe.runIf(process.platform !== "win32")("the home", () => {
  afterEach(() => void vi.unstubAllEnvs());

  test.for(["", "home/ada", "."])("is none where HOME is %o", (path) => {
    vi.stubEnv("HOME", path);
    expect(homeFolder()).toBeUndefined();
  });

  test("is HOME", () => {
    vi.stubEnv("HOME", home);
    expect(homeFolder()).toBe(home);
  });
});
