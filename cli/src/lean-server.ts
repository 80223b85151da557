/** The parts of Node's `process` that are asked. */
export type NodeProgram = Pick<NodeJS.Process, 'argv' | 'env' | 'execArgv' | 'execPath' | 'execve'>;

/** Commands that run a server for long. */
const servers: ReadonlySet<string> = new Set(['start', 'serve']);

const limit = '--max-semi-space-size';

/** Megabytes of each half of the young generation: see bench/README.md. The collector is exposed for `collectOnceIdle`. */
const flags = [`${limit}=8`, '--expose-gc'];

/**
 * Starts a server once more, in the same process, with a young generation that stays small. On a machine with much memory V8 lets it grow to
 * 64 MB a half and keeps that; the limit is read when V8 starts, so that nothing in the program could set it. Where a process
 * cannot be replaced (Windows) the server goes on as it is, and a limit that somebody has given stays.
 */
export function startLean(program: NodeProgram): void {
  const [, script = '', ...args] = program.argv;
  if (!args.some((arg) => servers.has(arg)) || program.execve === undefined || isLimited(program)) return;
  const nodeArgs = [...flags, ...program.execArgv];
  program.execve(program.execPath, [program.execPath, ...nodeArgs, script, ...args], program.env);
}

function isLimited({ execArgv, env }: NodeProgram): boolean {
  return [...execArgv, env['NODE_OPTIONS'] ?? ''].some((each) => each.replaceAll('_', '-').includes(limit));
}
