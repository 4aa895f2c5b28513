import { takeTasks } from "./take-tasks.js";

globalThis.addEventListener("message", ({ data }) => takeTasks(data, () => globalThis.postMessage("ready")));
