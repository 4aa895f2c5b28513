import type { DeviceDescription } from "./device-description.ts";

/** What a command runs on and why, for people. */
export function deviceLine({ name, description, reason }: DeviceDescription): string {
  return `On ${name}: ${description} (${reason})`;
}
