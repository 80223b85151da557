import { spawn } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { projectNode, systemNodeSuffices } from './node-program.mjs';
import { explainFailure } from './npm-failure.mjs';
import { Refusal } from './refusal.mjs';

/** Runs `npm ci` and sees to it that the project's Node is there afterwards. */
export async function installPackages(root, reason) {
  console.error(`Installing packages (npm ci), because ${reason}. This takes up to a minute.`);
  const started = performance.now();
  let result = await npmCi(root);
  if (result.code !== 0 && leftoverInTheWay(result.output)) {
    rmSync(path.join(root, 'node_modules'), { recursive: true, force: true });
    result = await npmCi(root);
  }
  if (result.code !== 0) throw new Refusal(explainFailure(result));
  await ensureProjectNode(root);
  console.error(`Installed in ${((performance.now() - started) / 1000).toFixed(0)} s.`);
}

function npmCi(root) {
  const [program, ...args] = npmProgram();
  return collect(program, [...args, 'ci', '--no-audit', '--no-fund', '--loglevel=error'], root);
}

/** The npm that called us, if one did; else the one on the path. */
function npmProgram() {
  const caller = process.env['npm_execpath'];
  if (caller && /npm-cli\.c?js$/.test(caller) && existsSync(caller)) return [process.execPath, caller];
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm'];
}

/** Names of leftovers of a killed installation, which npm does not get out of its own way. */
function leftoverInTheWay(output) {
  return /ENOTEMPTY|EEXIST|ENOTDIR|EISDIR/.test(output);
}

/** The package `node` fetches its program in an install script; where npm was told to skip those, we run it ourselves. */
async function ensureProjectNode(root) {
  if (systemNodeSuffices() || existsSync(projectNode(root))) return;
  const folder = path.join(root, 'node_modules', 'node');
  const result = await collect(process.execPath, ['installArchSpecificPackage.js'], folder);
  if (existsSync(projectNode(root))) return;
  throw new Refusal(
    `npm installed everything but Node 24 itself (this is Node ${process.versions.node}).\n` +
      `${result.output.trim()}\nInstall Node 24 from nodejs.org, then try again.`,
  );
}

function collect(program, args, folder) {
  return new Promise((resolve) => {
    const chunks = [];
    const shell = program.endsWith('.cmd');
    const child = spawn(program, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], shell });
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    child.stderr.on('data', (chunk) => chunks.push(chunk));
    child.once('error', (error) => resolve({ code: 1, output: String(error) }));
    child.once('close', (code, signal) => {
      resolve({ code: code ?? 1, signal, output: Buffer.concat(chunks).toString('utf8') });
    });
  });
}
