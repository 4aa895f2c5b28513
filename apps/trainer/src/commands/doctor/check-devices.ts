import { availableParallelism } from "node:os";
import { type Device, type DeviceRequest, deviceNames, devices, openDevice } from "@featuremap/devices";
import { checkComputing } from "./check-computing.ts";
import { type Finding, problemOf } from "./finding.ts";

const topic = "device";

/** Which device computes and why, which others there are, and whether it computes right. */
export async function checkDevices(
  request: DeviceRequest,
  { threads }: { readonly threads: number | undefined },
): Promise<readonly Finding[]> {
  let device: Device;
  try {
    device = await openDevice(request, threads === undefined ? {} : { threads });
  } catch (error) {
    return [problemOf(topic, error, "Leave out --device, or name another.")];
  }
  try {
    // First: opening another one makes that the backend of tensors.
    const computing = await checkComputing(device);
    return [
      chosen(device, threads),
      computing,
      ...triedBefore(device),
      ...(await withTensorflow(device)),
      ...inPages(),
    ];
  } finally {
    await device.dispose();
  }
}

function chosen(device: Device, asked: number | undefined): Finding {
  const { name, description, reason, threads, binary } = device;
  const text = `${name} computes: ${description} (${reason.text})`;
  if (name === "wasm" && threads === 1 && (asked ?? availableParallelism()) > 1) {
    return {
      topic,
      status: "warning",
      text,
      remedy: "Threads need SharedArrayBuffer: run without flags that turn it off.",
    };
  }
  if (name === "wasm" && binary !== "relaxed") {
    return { topic, status: "warning", text, remedy: "A newer Node has relaxed SIMD, with which it is faster." };
  }
  return { topic, status: "ok", text };
}

/** What would have come first. */
function triedBefore({ tried = [] }: Device): readonly Finding[] {
  return tried.map(({ name, problem, installed }) => ({
    topic,
    status: installed ? "warning" : "ok",
    text: `${name}: ${problem}`,
  }));
}

/** TensorFlow on the cores, which nothing takes by itself. Two of its packages in one process would be in each other's way. */
async function withTensorflow({ backend, tried = [] }: Device): Promise<readonly Finding[]> {
  if (backend === devices.node.backend || tried.some(({ installed }) => installed)) return [];
  try {
    const { description } = await openDevice("node");
    return [{ topic, status: "ok", text: `node: ${description}; --device node takes it` }];
  } catch (error) {
    return [{ ...problemOf(topic, error), status: "ok", text: `node: ${(error as Error).message}` }];
  }
}

/** What only pages have. */
function inPages(): readonly Finding[] {
  const here: readonly string[] = deviceNames("node");
  const others = deviceNames("page").filter((name) => !here.includes(name));
  return others.map((name) => ({
    topic,
    status: "ok",
    text: `${name}: not in Node; a page that featuremap serve opens computes with it where the browser has it`,
  }));
}
