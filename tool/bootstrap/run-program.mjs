import { spawn } from 'node:child_process';
import { constants } from 'node:os';

const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP'];

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
  const [code, signal] = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (...ending) => resolve(ending));
  });
  for (const name of forwarded) process.off(name, forward);
  if (signal) endBySignal(signal);
  else process.exitCode = code;
}

function endBySignal(signal) {
  process.exitCode = 128 + constants.signals[signal];
  process.kill(process.pid, signal);
}
