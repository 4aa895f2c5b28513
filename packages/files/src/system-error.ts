import { FeaturemapError, UnavailableError } from "@featuremap/tensor";

const reasons: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EBUSY: "it is in use",
  EDQUOT: "the disk quota is used up",
  EEXIST: "a file of that name is in the way",
  EISDIR: "it is a folder",
  ELOOP: "its links form a loop, or there are too many",
  ENAMETOOLONG: "the name is too long",
  ENOENT: "no such file or folder",
  ENOSPC: "no space is left on the disk",
  ENOTDIR: "a part of the path is a file",
  EPERM: "the system does not permit it",
  EROFS: "the disk is read-only",
};

/** Why the system refused a file operation, in words; the system's own message where its code is a rarer one. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return reasons[codeOf(error)] ?? error.message;
}

/** The system's name of a failure, such as `ENOENT`; empty for errors of other kinds. */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

/** What to do about a disk that has no room; the path is right then. */
const full = new Set(["ENOSPC", "EDQUOT"]);

type Doing = "read" | "write" | "remove";

/** Runs work on a file or folder. @throws {UnavailableError} the system refuses. */
export async function attempt<Result>(what: Doing, path: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    throw refusal(what, path, cause);
  }
}

/** The same for work that waits for nothing. */
export function attemptSync<Result>(what: Doing, path: string, work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    throw refusal(what, path, cause);
  }
}

function refusal(what: Doing, path: string, cause: unknown): FeaturemapError {
  if (cause instanceof FeaturemapError) return cause;
  const place = full.has(codeOf(cause)) ? "Make room there, or choose another place." : "Choose a writable place.";
  const remedy = what === "read" ? "Check the path." : place;
  return new UnavailableError(`Cannot ${what} ${path}: ${reasonOf(cause)}`, remedy, { cause });
}
