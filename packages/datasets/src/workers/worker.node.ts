import { parentPort } from "node:worker_threads";
import type { Order } from "./messages.ts";
import { serveTasks } from "./serve-tasks.ts";

const serve = serveTasks((outcomes, buffers) => parentPort?.postMessage(outcomes, buffers));
parentPort?.on("message", (order: Order) => serve(order));
