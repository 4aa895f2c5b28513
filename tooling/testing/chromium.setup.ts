import { chromiumPath } from "./chromium.ts";

/** Installs Chromium where it is missing, before test files ask for it side by side. */
export function setup(): void {
  chromiumPath();
}
