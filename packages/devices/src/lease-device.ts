import { platform } from "#open";

import { chooseDevice } from "./choose-device.ts";
import type { Device, DeviceRequest } from "./device.ts";
import { deviceOfProgram, heldBy } from "./holders.ts";
import { inTurn } from "./in-turn.ts";

/**
 * Opens a device for work beside that of others, or shares one that is open: by another lease or by the program itself. It is
 * closed when the last has disposed it. {@link runOnDevice} computes on it.
 *
 * `auto` stays with the device that the program computes on, where the model's weights may be; it leaves only `cpu`.
 *
 * @throws {InvalidConfigError} there is no such device.
 * @throws {UnavailableError} the device does not work here.
 */
export function leaseDevice(request: DeviceRequest = "auto"): Promise<Device> {
  return inTurn(async () => {
    const leased = heldBy("lease", platform);
    const open = request === "auto" ? deviceOfProgram() : undefined;
    if (open === undefined || open === "cpu") return chooseDevice(request, {}, leased);
    const device = await chooseDevice(open, {}, leased);
    return { ...device, reason: { kind: "open", text: "the program had it open" } };
  });
}
