import { findBackendFactory, getBackend } from "@tensorflow/tfjs-core";
import type { OpenedBackend, Opener } from "./device.ts";
import { type DeviceName, deviceOfBackend, devices } from "./device-table.ts";
import { inTurn } from "./in-turn.ts";
import type { Platform } from "./platform.ts";
import { isRunning } from "./run-on-device.ts";

/** Who uses a backend: the program that opened it, or somebody who leased it. */
interface Holder {
  readonly kind: "program" | "lease";
}

/** A backend that was opened, and who uses it. */
interface HeldBackend {
  readonly name: DeviceName;
  readonly opened: OpenedBackend;
  /** Tells it from another that was registered under its name since. */
  readonly factory: unknown;
  readonly holders: Set<Holder>;
}

const heldBackends = new Map<string, HeldBackend>();

/**
 * The platform, whose backends are closed when the last who opened or leased them has given them back. A lease shares what
 * runs already: opening it anew would take the tensors on it.
 */
export function heldBy(kind: Holder["kind"], platform: Platform): Platform {
  const openers = new Map(
    Array.from(platform.openers, ([name, open]): [DeviceName, Opener] => [
      name,
      async (options) => hold(kind, name, (kind === "lease" ? findRunning(name) : undefined) ?? (await open(options))),
    ]),
  );
  return { ...platform, openers };
}

/** What the program itself computes on, if it is the backend of tensors now. */
export function deviceOfProgram(): DeviceName | undefined {
  const backend = getBackend();
  if (!isRunning(backend)) return undefined;
  const known = findHeld(backend);
  if (known === undefined) return deviceOfBackend(backend);
  return Array.from(known.holders).some(({ kind }) => kind === "program") ? known.name : undefined;
}

/** A backend that runs and computes on the device. One that was registered in tfjs directly is the program's for good. */
function findRunning(name: DeviceName): OpenedBackend | undefined {
  const { backend, label } = devices[name];
  if (!isRunning(backend)) return undefined;
  const known = findHeld(backend);
  if (known !== undefined) return known.name === name ? known.opened : undefined;
  if (deviceOfBackend(backend) !== name) return undefined;
  const opened: OpenedBackend = { description: label, async dispose() {} };
  hold("program", name, opened);
  return opened;
}

/** What was opened, in use by one more. */
function hold(kind: Holder["kind"], name: DeviceName, opened: OpenedBackend): OpenedBackend {
  const { backend } = devices[name];
  const known = findHeld(backend);
  const entry =
    known !== undefined && known.holders.size > 0
      ? known
      : { name, opened, factory: findBackendFactory(backend), holders: new Set<Holder>() };
  heldBackends.set(backend, entry);
  const holder: Holder = { kind };
  entry.holders.add(holder);
  return {
    ...opened,
    dispose: () =>
      inTurn(async () => {
        const isLast = entry.holders.delete(holder) && entry.holders.size === 0;
        if (isLast && findHeld(backend) === entry) await entry.opened.dispose();
      }),
  };
}

/** What is known of a backend that runs. */
function findHeld(backend: string): HeldBackend | undefined {
  const entry = heldBackends.get(backend);
  return isRunning(backend) && entry?.factory === findBackendFactory(backend) ? entry : undefined;
}
