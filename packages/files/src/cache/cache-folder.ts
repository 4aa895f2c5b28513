import { isAbsolute, join, resolve } from "node:path";
import { UnavailableError } from "@featuremap/tensor";
import { homeFolder } from "./home-folder.ts";

/**
 * Where packages keep what they can get again: downloads, decoded pictures. Nobody makes it before it is needed.
 *
 * `FEATUREMAP_CACHE` sets it; else it is `featuremap` where the system keeps caches: `$XDG_CACHE_HOME` or `~/.cache` on
 * Linux, `~/Library/Caches` on macOS, `%LOCALAPPDATA%` on Windows.
 *
 * @throws {UnavailableError} none of these variables is set, and the user has no home.
 */
export function cacheFolder(): string {
  return cacheFolderOf(process.platform, process.env, homeFolder());
}

/** {@link cacheFolder} on any system. */
export function cacheFolderOf(
  platform: NodeJS.Platform,
  environment: Readonly<Record<string, string | undefined>>,
  home: string | undefined,
): string {
  const { FEATUREMAP_CACHE: chosen, LOCALAPPDATA: local, XDG_CACHE_HOME: xdg } = environment;
  if (chosen) return resolve(chosen);
  const inHome = (...names: string[]): string => {
    if (home !== undefined) return join(home, ...names);
    throw new UnavailableError("The user has no home to keep a cache in", "Set FEATUREMAP_CACHE to a folder.");
  };
  if (platform === "win32") return join(local || inHome("AppData", "Local"), "featuremap", "Cache");
  if (platform === "darwin") return inHome("Library", "Caches", "featuremap");
  // Other paths than absolute ones are to be ignored, says the XDG Base Directory Specification.
  return join(xdg && isAbsolute(xdg) ? xdg : inHome(".cache"), "featuremap");
}
