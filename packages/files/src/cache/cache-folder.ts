import { homedir } from "node:os";
import { isAbsolute, join, resolve } from "node:path";

/**
 * Where packages keep what they can get again: downloads, decoded pictures. Nobody makes it before it is needed.
 *
 * `FEATUREMAP_CACHE` sets it; else it is `featuremap` where the system keeps caches: `$XDG_CACHE_HOME` or `~/.cache` on
 * Linux, `~/Library/Caches` on macOS, `%LOCALAPPDATA%` on Windows.
 */
export function cacheFolder(): string {
  return cacheFolderOf(process.platform, process.env, homedir());
}

/** {@link cacheFolder} on any system. */
export function cacheFolderOf(
  platform: NodeJS.Platform,
  environment: Readonly<Record<string, string | undefined>>,
  home: string,
): string {
  const { FEATUREMAP_CACHE: chosen, LOCALAPPDATA: local, XDG_CACHE_HOME: xdg } = environment;
  if (chosen) return resolve(chosen);
  if (platform === "win32") return join(local || join(home, "AppData", "Local"), "featuremap", "Cache");
  if (platform === "darwin") return join(home, "Library", "Caches", "featuremap");
  // Other paths than absolute ones are to be ignored, says the XDG Base Directory Specification.
  return join(xdg && isAbsolute(xdg) ? xdg : join(home, ".cache"), "featuremap");
}
