import { describe, expect, test, vi } from "vitest";
import { compare } from "../measure.mjs";
import { PeerProcess } from "./peer-process.mjs";
import type { Allocator } from "./peers.mjs";
import { findWork } from "../works/works.mjs";

const work = findWork("predict-n1-1");
const silence = (): void => {};

/** A worker in a few lines that measures `images` a second; `onMeasure` runs before each answer. */
function open(name: string, images: number, onMeasure = "", allocator?: Allocator): PeerProcess {
  const program = `
    const answer = (message) => console.log("bench: " + JSON.stringify(message));
    console.log("a library says hello");
    answer({ versions: { node: "any", threshold: process.env.MALLOC_MMAP_THRESHOLD_ ?? "none" }, threads: Number(process.argv[2]) });
    require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
      const request = JSON.parse(line);
      if (request.prepare) return answer({ parameters: 104202, outputs: [0.19, 0.01, ...Array(8).fill(0.1)] });
      ${onMeasure}
      answer({ images: ${images}, seconds: 1 });
    });`;
  const peer = { name, library: name, title: name, does: () => true, allocator, install: async () => start };
  const start = { command: process.execPath, parameters: ["-e", program] };
  return new PeerProcess(peer, start, "/cache", 2);
}

describe("peers in processes of their own", () => {
  test("are measured in turns with ours", async () => {
    const [ours, peer] = [open("ours", 300), open("peer", 100)];
    await Promise.all([ours.start(), peer.start()]);
    expect(peer.threads).toBe(2);
    expect(await compare(work, ours, [peer], { rounds: 2, seconds: 1, say: silence })).toEqual([
      { work, peer: "peer", pairs: Array.from({ length: 2 }, () => ({ ours: 300, peer: 100 })) },
    ]);
    await Promise.all([ours.stop(), peer.stop()]);
  });

  test("have the allocator that the peer asks for, whatever is set outside", async () => {
    vi.stubEnv("MALLOC_MMAP_THRESHOLD_", "1");
    const peers = (["warm", "installed", undefined] as const).map((each) => open(String(each), 100, "", each));
    vi.unstubAllEnvs();
    await Promise.all(peers.map((each) => each.start()));
    expect(peers.map(({ versions }) => versions["threshold"])).toEqual(["4294967296", "none", "none"]);
    await Promise.all(peers.map((each) => each.stop()));
  });

  test("that die or report an error are left out, with the reason", async () => {
    const ours = open("ours", 300);
    const dying = open("dying", 100, 'console.error("out of memory"); process.exit(1);');
    const failing = open("failing", 100, 'return answer({ error: "no such kernel" });');
    const peers = [dying, failing];
    await Promise.all([ours, ...peers].map((each) => each.start()));
    const comparisons = await compare(work, ours, peers, { rounds: 2, seconds: 1, say: silence });
    expect(comparisons.map(({ pairs, failure }) => [pairs, failure])).toEqual([
      [[], "its process ended: out of memory | exit code 1"],
      [[], "no such kernel"],
    ]);
    await Promise.all([ours, ...peers].map((each) => each.stop()));
  });

  test("have no ratio where ours fails, and the reason says so", async () => {
    const ours = open("ours", 300, 'return answer({ error: "out of memory" });');
    const peer = open("peer", 100);
    await Promise.all([ours.start(), peer.start()]);
    expect(await compare(work, ours, [peer], { rounds: 1, seconds: 1, say: silence })).toEqual([
      { work, peer: "peer", pairs: [], failure: "ours: out of memory" },
    ]);
    await Promise.all([ours.stop(), peer.stop()]);
  });
});
