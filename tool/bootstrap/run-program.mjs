import { spawn } from 'node:child_process';
import { constants } from 'node:os';

const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const orphanCheckMilliseconds = 250;

/** A terminal sends Ctrl-C to the program as well, so it must not get it from here a second time. */
function programGetsItAnyway(signal) {
  return signal === 'SIGINT' && (process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY);
}

/** Runs a program in the foreground and ends as it ended: same exit code, or the same signal. */
export async function runProgram(program, args, folder) {
  const child = spawn(program, args, { cwd: folder, stdio: 'inherit' });
  const forward = (signal) => {
    if (!programGetsItAnyway(signal)) child.kill(signal);
  };
  for (const signal of forwarded) process.on(signal, forward);
  const orphanCheck = endWithNpm(child);
  const [code, signal] = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (...ending) => resolve(ending));
  });
  for (const name of forwarded) process.off(name, forward);
  clearInterval(orphanCheck);
  if (signal) endBySignal(signal);
  else process.exitCode = code;
}

/**
 * npm runs its scripts in a shell and passes a signal to that shell only, which dies of it and leaves us behind. So under npm
 * the death of the shell is the signal.
 */
function endWithNpm(child) {
  if (!process.env['npm_lifecycle_event']) return undefined;
  const shell = process.ppid;
  const check = setInterval(() => {
    if (process.ppid === shell) return;
    clearInterval(check);
    child.kill('SIGTERM');
  }, orphanCheckMilliseconds);
  return check;
}

function endBySignal(signal) {
  process.exitCode = 128 + constants.signals[signal];
  process.kill(process.pid, signal);
}
