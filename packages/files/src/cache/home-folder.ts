import { homedir } from "node:os";
import { isAbsolute } from "node:path";

/** The user's home as an absolute path; undefined where there is none, as for a container's user that its system does not list. */
export function homeFolder(): string | undefined {
  try {
    const home = homedir();
    return isAbsolute(home) ? home : undefined;
  } catch {
    return undefined;
  }
}
