import type { Batch, BatchSource } from "@featuremap/tensor";
import { sectors } from "./tiny-problem.ts";

/** Batches of {@link sectors}, one at a time, as files would give them. */
export class Slow implements BatchSource {
  readonly size = 64;
  readonly batchSize = 8;
  readonly batchCount = 8;
  readonly events: string[] = [];
  readonly fail: number;

  constructor(fail = -1) {
    this.fail = fail;
  }

  async *batches(): AsyncGenerator<Batch, void> {
    const { x, y } = sectors(this.size);
    try {
      for (let index = 0; index < this.batchCount; index++) {
        await Promise.resolve();
        if (index === this.fail) throw new Error("unreadable");
        this.events.push(`read ${index}`);
        const [start, end] = [index * 8, (index + 1) * 8];
        yield {
          x: x.slice(start, end),
          y: y.slice(start, end),
          size: 8,
        };
      }
    } finally {
      this.events.push("closed");
    }
  }
}
