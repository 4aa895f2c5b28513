import { describe, expect, test } from "vitest";
import { type Machine, checkMachine, checkRoom, quotaOf, readMachine, vectorsOf } from "./check-machine.ts";

const machine: Machine = {
  node: "v20.19.0",
  platform: "linux-x64",
  processor: "Fast 9000",
  cores: 8,
  usable: 8,
  quota: undefined,
  vectors: "AVX2, 256 bits",
  memory: 16e9,
  freeMemory: 8e9,
  memoryLimit: undefined,
  heapLimit: 4e9,
};

/** Status and words of one topic. */
function found(topic: string, changes: Partial<Machine>): readonly (string | undefined)[] {
  const finding = checkMachine({ ...machine, ...changes }).find((each) => each.topic === topic);
  return [finding?.status, finding?.text, finding?.remedy];
}

describe("checkMachine", () => {
  test("a machine that has all is well", () => {
    expect(checkMachine(machine)).toEqual([
      { topic: "node", status: "ok", text: "Node 20.19.0 on linux-x64" },
      { topic: "processor", status: "ok", text: "Fast 9000: 8 cores, AVX2, 256 bits" },
      { topic: "memory", status: "ok", text: "16 GB of memory, 8.0 GB free; JavaScript may take 4.0 GB of it" },
    ]);
  });

  test.for(["v20.18.3", "v18.20.0"])("Node %s is too old", (node) => {
    expect(found("node", { node })).toEqual(["problem", expect.any(String), "Install Node 20.19 or newer."]);
  });

  test("a container's quota and affinity bound the threads", () => {
    const [status, text, remedy] = found("processor", { quota: 2.5 });
    expect([status, text]).toEqual(["warning", expect.stringMatching(/of which this process may use 2\.5$/)]);
    expect(remedy).toContain("--threads 2:");
    expect(found("processor", { usable: 1, quota: 0.5 })[2]).toContain("--threads 1:");
  });

  test("little memory is a warning, none a problem, and a container's limit counts", () => {
    expect(found("memory", { freeMemory: 9e8 })[0]).toBe("warning");
    expect(found("memory", { freeMemory: 1e8 })[0]).toBe("problem");
    const [status, text] = found("memory", { memoryLimit: 5e8 });
    expect([status, text]).toEqual(["warning", expect.stringContaining("500 MB for this container")]);
  });
});

test("this machine can be read", async () => {
  const { cores, usable, memory, freeMemory, heapLimit } = await readMachine();
  for (const number of [cores, usable, memory, freeMemory, heapLimit]) expect(number).toBeGreaterThan(0);
});

test("a quota is read as the kernel writes it", () => {
  expect(["150000 100000\n", "max 100000\n", ""].map(quotaOf)).toEqual([1.5, undefined, undefined]);
});

test("the widest vectors are told", () => {
  const flags = (list: string): string => `processor\t: 0\nflags\t\t: fpu ${list}\nbugs\t\t:\n`;
  expect(vectorsOf("x64", flags("sse4_1 avx2 fma avx512f"))).toBe("AVX-512, 512 bits");
  expect(vectorsOf("x64", flags("sse4_1 avx2 fma"))).toBe("AVX2 with FMA, 256 bits");
  expect(vectorsOf("x64", flags("sse4_1"))).toBe("SSE4.1, 128 bits");
  expect(vectorsOf("arm64", "")).toBe("NEON, 128 bits");
  expect(vectorsOf("x64", "")).toBeUndefined();
});

test("a disk that is nearly full is a warning, a full one a problem", () => {
  expect([2e9, 5e8, 1e7].map((free) => checkRoom("runs", "Runs", free, "Make room.").status)).toEqual([
    "ok",
    "warning",
    "problem",
  ]);
});
