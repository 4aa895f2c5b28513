#!/usr/bin/env node
import { isTooOld, oldestNode } from "./oldest-node.ts";

// What follows does not even load in a Node that is too old, so that nothing else is imported here.
if (isTooOld(process.versions.node)) {
  process.stderr.write(`featuremap: this is Node ${process.versions.node}. Install Node ${oldestNode} or newer.\n`);
  process.exitCode = 1;
} else await import("./main.ts");
