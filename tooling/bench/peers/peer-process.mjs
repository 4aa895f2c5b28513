import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { allocatorEnvironment } from "./allocator.mjs";
import { lastLines } from "../installation/command.mjs";
import { networks } from "../works/networks.mjs";

/** @import { Peer, Program } from "./peers.mjs" */
/** @import { Work } from "../works/works.mjs" */

/**
 * What a worker shows of a work before it is measured.
 *
 * @typedef {object} Check
 * @property {number} parameters Number of weights.
 * @property {number} [firstLoss] Of the first batch.
 * @property {number} [lastLoss] Mean over the last quarter of the network's `checkSteps`.
 * @property {readonly number[]} [outputs] Of the first batch, before any training.
 */

/** @typedef {{ images: number, seconds: number }} Measurement */

/** Seconds to start or to prepare a work, which may compile; generous, for busy machines. */
const patience = 600;

/** A peer that runs in a process of its own from the first round to the last, so that no start is measured. */
export class PeerProcess {
  /** @type {Peer} */
  peer;
  /** @type {Readonly<Record<string, string>>} */
  versions = {};
  threads = 0;
  /** @type {import("node:child_process").ChildProcessByStdio<import("node:stream").Writable,
   *   import("node:stream").Readable, import("node:stream").Readable>} */
  #child;
  /** What it said on standard error. */
  #complaints = "";
  /** @type {string[]} */
  #answers = [];
  /** Called when there is an answer, or when there never will be. */
  #wake = () => {};
  #ended = false;

  /** @param {Peer} peer @param {Program} program @param {string} cache @param {number} threads */
  constructor(peer, program, cache, threads) {
    this.peer = peer;
    this.#child = spawn(program.command, [...program.parameters, cache, String(threads)], {
      stdio: ["pipe", "pipe", "pipe"],
      env: allocatorEnvironment(process.env, peer.allocator),
    });
    this.#child.stderr.setEncoding("utf8").on("data", (text) => (this.#complaints += text));
    this.#child.stdin.on("error", () => {});
    createInterface({ input: this.#child.stdout }).on("line", (line) => {
      if (!line.startsWith("bench: ")) return;
      this.#answers.push(line.slice("bench: ".length));
      this.#wake();
    });
    this.#child.once("error", (error) => (this.#complaints += error.message));
    this.#child.once("close", (code, signal) => {
      this.#complaints += `\n${signal === null ? `exit code ${code}` : `ended by ${signal}`}`;
      this.#ended = true;
      this.#wake();
    });
  }

  /** Waits until the worker has loaded its library. */
  async start() {
    const { versions, threads } = await this.#answer(patience);
    this.versions = versions;
    this.threads = threads;
  }

  /** @param {Work} work @returns {Promise<Check>} */
  async prepare({ name, kind, network, batchSize }) {
    const checkSteps = this.peer.checkSteps ?? networks[network].checkSteps;
    this.#send({ prepare: name, kind, network, batchSize, checkSteps });
    return this.#answer(patience);
  }

  /** @param {Work} work @param {number} seconds About as long as it is to take. @returns {Promise<Measurement>} */
  async measure({ name }, seconds) {
    this.#send({ measure: name, seconds });
    return this.#answer(30 * seconds + 60);
  }

  async stop() {
    if (this.#ended) return;
    const closed = once(this.#child, "close");
    this.#child.stdin.end();
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), 5000);
    await closed;
    clearTimeout(timer);
  }

  /** @param {object} request */
  #send(request) {
    this.#child.stdin.write(`${JSON.stringify(request)}\n`);
  }

  /** The next answer. @param {number} seconds @returns {Promise<any>} @throws {Error} it failed, ended or hangs. */
  async #answer(seconds) {
    if (this.#answers.length === 0 && !this.#ended) {
      await new Promise((resolve) => {
        const timer = setTimeout(() => {
          this.#complaints += `\nno answer within ${seconds} seconds`;
          this.#child.kill("SIGKILL");
        }, seconds * 1000);
        this.#wake = () => {
          clearTimeout(timer);
          resolve(undefined);
        };
      });
    }
    const text = this.#answers.shift();
    if (text === undefined) throw new Error(`its process ended: ${lastLines(this.#complaints)}`);
    const message = JSON.parse(text);
    if (message.error !== undefined) throw new Error(message.error);
    return message;
  }
}
