import { type HostArray, InvalidConfigError } from "@featuremap/tensor";

/**
 * Refuses a part of an optimizer's state that would turn weights into no numbers at the next step.
 *
 * @throws {InvalidConfigError} one of its numbers is NaN or infinite.
 */
export function requireFinite(owner: string, name: string, { data }: HostArray): void {
  const found = data.find((value) => !Number.isFinite(value));
  if (found === undefined) return;
  const expected = "of finite numbers (train with a new optimizer instead: new Trainer(model, { optimizer, loss }))";
  throw new InvalidConfigError(owner, `variable ${name}`, expected, found);
}
