import { InvalidConfigError, checkOptions } from "@featuremap/tensor";

/**
 * The config of a layer whose first option may come without its name, as `new Rescaling(1 / 255, { inputShape })`.
 *
 * @param isValue whether `given` is that option's value, and not the whole config
 * @param others what comes after it; nothing may come after a whole config
 * @throws {InvalidConfigError} there is something that nobody would read.
 */
export function withFirstOption<Config extends object>(
  owner: string,
  name: keyof Config & string,
  given: unknown,
  isValue: boolean,
  others: Partial<Config> | undefined,
): Config {
  if (!isValue) {
    if (others === undefined) return given as Config;
    throw new InvalidConfigError(owner, "options", `one object, as { ${name}, ... }, with nothing after it`, others);
  }
  if (others === undefined) return { [name]: given } as Config;
  checkOptions(owner, others);
  if (Object.hasOwn(others, name)) {
    throw new InvalidConfigError(owner, name, "given once", others[name]);
  }
  return { ...others, [name]: given } as Config;
}
