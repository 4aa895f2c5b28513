import { InvalidConfigError, nearestName } from "@featuremap/tensor";
import type { Application } from "./application.ts";
import { backboneNamed, backboneNames } from "./backbone-applications.ts";
import { mobile } from "./networks/mobile.ts";
import { n1 } from "./networks/n1.ts";
import { n2 } from "./networks/n2.ts";
import { n3 } from "./networks/n3.ts";
import { n4 } from "./networks/n4.ts";
import { n5 } from "./networks/n5.ts";
import { n6 } from "./networks/n6.ts";
import { resnet } from "./networks/resnet.ts";
import { small } from "./networks/small.ts";

/** The networks that have a name. */
export type ApplicationName = "n1" | "n2" | "n3" | "n4" | "n5" | "n6" | "small" | "resnet" | "mobile";

/** Every network by its name, but for the backbones. */
export const applications: Readonly<Record<ApplicationName, Application>> = {
  n1,
  n2,
  n3,
  n4,
  n5,
  n6,
  small,
  resnet,
  mobile,
};

/** Names of every network, those of backbones last. */
export function applicationNames(): readonly string[] {
  return [...Object.keys(applications), ...backboneNames];
}

/**
 * The network of that name: one of {@link applications}, or a backbone, as `mobilenet-v2`.
 *
 * @throws {InvalidConfigError} there is none; the message names the nearest one.
 */
export function findApplication(name: string): Application {
  if (isApplicationName(name)) return applications[name];
  const backbone = backboneNamed(name);
  if (backbone !== undefined) return backbone;
  const names = applicationNames();
  const near = typeof name === "string" ? nearestName(name, names) : undefined;
  const meant = near === undefined ? "" : ` (did you mean ${near}?)`;
  throw new InvalidConfigError("findApplication", "name", `one of ${names.join(", ")}${meant}`, name);
}

function isApplicationName(name: unknown): name is ApplicationName {
  return typeof name === "string" && Object.hasOwn(applications, name);
}
