import type { Order } from "./messages.ts";
import { serveTasks } from "./serve-tasks.ts";

/** What a worker's global object has, of which the page's declarations say nothing. */
declare function postMessage(message: unknown, transfer: ArrayBuffer[]): void;

const serve = serveTasks((outcomes, buffers) => postMessage(outcomes, buffers));
addEventListener("message", ({ data }: MessageEvent<Order>) => serve(data));
