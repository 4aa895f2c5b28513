import { parentPort, workerData } from "node:worker_threads";
import { takeTasks } from "./take-tasks.js";

takeTasks(workerData, () => parentPort.postMessage("ready"));
