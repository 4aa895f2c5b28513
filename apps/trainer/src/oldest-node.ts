/** The oldest version of Node that everything here runs in. */
export const oldestNode = "20.19";

/** @param version such as "20.19.4", of Node */
export function isTooOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = oldestNode.split(".").map(Number);
  return major < oldestMajor || (major === oldestMajor && minor < oldestMinor);
}
