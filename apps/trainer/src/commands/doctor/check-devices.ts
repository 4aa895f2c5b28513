import { availableParallelism } from "node:os";
import { type Device, type DeviceRequest, openDevice } from "@featuremap/devices";
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
    return [chosen(device, threads), computing, ...triedBefore(device), ...(await withTensorflow(device)), pages];
  } finally {
    await device.dispose();
  }
}

function chosen({ name, description, reason, binary, tried = [] }: Device, threads: number | undefined): Finding {
  const text = `${name} computes: ${description} (${reason})`;
  const isFallback = name === "cpu" && tried.length > 0;
  if (isFallback) {
    const remedy = "WebAssembly runs everywhere: see what is said of wasm, and install anew.";
    return { topic, status: "problem", text, remedy };
  }
  if (description.includes("no shared memory") && (threads ?? availableParallelism()) > 1) {
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
async function withTensorflow({ name, tried = [] }: Device): Promise<readonly Finding[]> {
  if (name === "node" || name === "node-gpu" || tried.some(({ installed }) => installed)) return [];
  try {
    const { description } = await openDevice("node");
    return [{ topic, status: "ok", text: `node: ${description}; --device node takes it` }];
  } catch (error) {
    return [{ ...problemOf(topic, error), status: "ok", text: `node: ${(error as Error).message}` }];
  }
}

const pages: Finding = {
  topic,
  status: "ok",
  text: "webgpu: not in Node; a page that featuremap serve opens computes with it where the browser has it",
};
