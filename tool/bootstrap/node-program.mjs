import { existsSync } from 'node:fs';
import path from 'node:path';
import { Refusal } from './refusal.mjs';

/** The major version of Node that the sources need: they are TypeScript and run as they are. */
const neededMajor = 24;

/** Where the npm package `node` puts its program. */
export function projectNode(root) {
  const name = process.platform === 'win32' ? 'node.exe' : 'node';
  return path.join(root, 'node_modules', 'node', 'bin', name);
}

/** Whether the Node that runs this file can run the sources itself. */
export function systemNodeSuffices() {
  return Number.parseInt(process.versions.node, 10) >= neededMajor;
}

/** The Node that runs the project's programs: the project's own, else the system's when it is new enough. */
export function findNode(root) {
  const own = projectNode(root);
  if (existsSync(own)) return own;
  if (systemNodeSuffices()) return process.execPath;
  throw new Refusal(
    `Node ${neededMajor} is missing: this is Node ${process.versions.node}, and ${own} is not there.\n` +
      'Run "npm ci" again with install scripts allowed, or install Node 24 from nodejs.org.',
  );
}
