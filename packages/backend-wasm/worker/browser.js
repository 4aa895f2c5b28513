import { takeTasks } from "./take-tasks.js";

globalThis.onmessage = ({ data }) => takeTasks(data, () => globalThis.postMessage("ready"));
