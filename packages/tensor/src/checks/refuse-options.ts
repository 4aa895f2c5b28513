import { InvalidConfigError } from "../errors.ts";

/**
 * Refuses options that people know from elsewhere, with a sentence that says what to do instead. What asks for nothing, such
 * as null, false or 0, is not a reason to refuse: it stays to be checked as any other option.
 *
 * @param owner who takes the options, for the error
 * @param replacements by the options' names in lower case without underscores, so that `zca_whitening` is `zcawhitening`
 * @returns the options without those that ask for nothing
 * @throws {InvalidConfigError} an option is one of those.
 */
export function refuseOptions<Options extends object>(
  owner: string,
  options: Options,
  replacements: Readonly<Record<string, string>>,
): Options {
  if (typeof replacements !== "object" || replacements === null) {
    throw new InvalidConfigError(owner, "replacements", "an object", replacements);
  }
  if (typeof options !== "object" || options === null || Array.isArray(options)) return options;
  const refused = Object.entries(options).filter(([name]) =>
    Object.hasOwn(replacements, name.replaceAll("_", "").toLowerCase()),
  );
  if (refused.length === 0) return options;
  for (const [name, value] of refused) {
    if (value === undefined || value === null || value === false || value === 0) continue;
    const instead = replacements[name.replaceAll("_", "").toLowerCase()] ?? "";
    throw new InvalidConfigError(owner, name, `left out (${instead})`, value);
  }
  const names = new Set(refused.map(([name]) => name));
  return Object.fromEntries(Object.entries(options).filter(([name]) => !names.has(name))) as Options;
}
