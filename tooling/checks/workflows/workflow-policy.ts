import { parse } from "yaml";

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

interface Job {
  readonly permissions?: Readonly<Record<string, string>> | string;
  readonly "timeout-minutes"?: number;
  readonly steps?: readonly Step[];
}

interface Workflow {
  readonly on?: Readonly<Record<string, unknown>> | readonly string[] | string;
  readonly permissions?: unknown;
  readonly concurrency?: unknown;
  readonly jobs?: Readonly<Record<string, Job>>;
}

/** A commit, and the version it is: `actions/checkout@9c09…e3e0 # v7.0.0`. */
const pinned = /uses:\s+[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/;

/** They run with this repository's rights on code that anyone may send. */
const dangerousEvents = new Set(["pull_request_target", "workflow_run", "issue_comment"]);

function eventsOf(on: Workflow["on"]): readonly string[] {
  if (typeof on === "string") return [on];
  return Array.isArray(on) ? on : Object.keys(on ?? {});
}

function problemsOfStep({ uses, run, with: inputs }: Step): readonly string[] {
  const problems: string[] = [];
  // What an expression holds would become part of the program; a variable of `env` stays data.
  if (run?.includes("${{") === true) problems.push("a program holds an expression");
  if (uses?.startsWith("actions/checkout@") === true && inputs?.["persist-credentials"] !== false) {
    problems.push("checkout keeps its credentials");
  }
  return problems;
}

function problemsOfJob({ permissions, steps = [], "timeout-minutes": timeout }: Job): readonly string[] {
  const problems = steps.flatMap(problemsOfStep);
  if (timeout === undefined) problems.push("no timeout");
  if (permissions === undefined) problems.push("no permissions of its own");
  if (typeof permissions === "string") problems.push(`all permissions at once: ${permissions}`);
  else if (permissions?.["id-token"] === "write") {
    const programs = steps.flatMap(({ run }) => run ?? []);
    if (programs.some((program) => !program.startsWith("npm run release:publish "))) {
      problems.push("a job that may identify itself runs more than what it must");
    }
  }
  return problems;
}

/**
 * What is wrong with a workflow that a linter of its syntax does not see: whom it trusts, and with what.
 *
 * @param text The workflow's file.
 */
export function workflowProblems(text: string): readonly string[] {
  const { on, permissions, concurrency, jobs = {} } = parse(text) as Workflow;
  const problems: string[] = [];
  if (JSON.stringify(permissions) !== "{}") problems.push("permissions are not {} at the top");
  if (concurrency === undefined) problems.push("no concurrency");
  for (const event of eventsOf(on).filter((name) => dangerousEvents.has(name))) problems.push(`runs on ${event}`);
  for (const line of text.split("\n").filter((each) => /^\s*(- )?uses:\s+(?!\.\/)/.test(each))) {
    if (!pinned.test(line.trimEnd())) problems.push(`not pinned: ${line.trim()}`);
  }
  if (/\bsecrets\s*[.[]/.test(text)) problems.push("reads a secret");
  for (const [name, job] of Object.entries(jobs))
    problems.push(...problemsOfJob(job).map((problem) => `${name}: ${problem}`));
  return problems;
}
