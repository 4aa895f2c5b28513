import { FormatError } from "@featuremap/tensor";

/**
 * The name of a file in an archive, without a leading `./`.
 *
 * @throws {FormatError} it is empty, absolute, leads out of the archive, or means other things on other systems.
 */
export function requireInnerName(name: string, archive: string): string {
  const inner = name.replace(/^(\.\/)+/, "");
  // oxlint-disable-next-line no-control-regex -- they are what is refused
  const isOdd = inner === "" || /^[/\\]|^[A-Za-z]:|\\|[\u0000-\u001f]/.test(inner) || inner.split("/").includes("..");
  if (isOdd) throw new FormatError(archive, "a name in it", "a relative path that stays inside", JSON.stringify(name));
  return inner;
}
