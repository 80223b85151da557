#!/usr/bin/env node
/**
 * The first thing that runs after a clone: `npm start`, `npm test`, `npm run batuta`, `npm run check`, `npm run generate`.
 * It needs nothing but Node 20.11 and npm. It installs the packages when they are absent, stale or broken, then runs the wanted
 * program with the project's own Node 24. A start with everything in place costs a few milliseconds here.
 */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstalled } from './bootstrap/installation.mjs';
import { findNode } from './bootstrap/node-program.mjs';
import { runProgram } from './bootstrap/run-program.mjs';
import { Refusal } from './bootstrap/refusal.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** What each command runs, in arguments of Node. */
const programs = {
  start: ['cli/bin/batuta', 'start'],
  batuta: ['cli/bin/batuta'],
  test: ['node_modules/vitest/vitest.mjs', 'run'],
  check: ['tool/check.ts'],
  generate: ['tool/generate.ts'],
  bench: ['bench/run.ts'],
};

function parse([command, ...rest]) {
  const program = programs[command];
  if (!program) {
    throw new Refusal(`usage: node tool/bootstrap.mjs ${Object.keys(programs).join('|')} [arguments]`);
  }
  const args = rest[0] === '--' ? rest.slice(1) : rest;
  const [script, ...fixed] = program;
  return [path.join(root, script), ...fixed, ...args];
}

try {
  const args = parse(process.argv.slice(2));
  await ensureInstalled(root);
  await runProgram(findNode(root), args, root);
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
