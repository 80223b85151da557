/** A small repository with the real bootstrap, a stand-in for npm and a program that tells how it was run. */
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

const tools = path.join(import.meta.dirname, '../../tool');

const program = `
const [command, action, ...rest] = process.argv.slice(2);
if (action === 'exit') process.exit(Number(rest[0]));
console.log(JSON.stringify([command, action, ...rest].filter((word) => word !== undefined)));
if (action === 'wait') {
  process.on('SIGTERM', () => process.exit(3));
  process.on('SIGINT', () => process.exit(4));
}
if (action === 'wait' || action === 'hang') {
  setInterval(() => {}, 1000);
  console.log('waiting');
}
`;

/** How a command ended and what it printed. */
export interface Ending {
  code: number | null;
  signal: NodeJS.Signals | null;
  output: string;
  errors: string;
}

type Command = ChildProcessByStdio<null, Readable, Readable>;

/** Makes the sample in a temporary folder, which is removed with it. */
export class SampleRepository implements Disposable {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'batuta-bootstrap-'));

  constructor() {
    cpSync(path.join(tools, 'bootstrap.mjs'), this.path('tool/bootstrap.mjs'));
    cpSync(path.join(tools, 'bootstrap'), this.path('tool/bootstrap'), { recursive: true });
    cpSync(path.join(import.meta.dirname, 'fake-npm-cli.js'), this.path('npm/npm-cli.js'));
    this.write('package.json', JSON.stringify({ type: 'module', dependencies: { zod: '1.0.0' } }));
    this.lock('1.0.0');
    this.write('cli/bin/batuta', program);
  }

  path(name: string): string {
    return path.join(this.folder, name);
  }

  write(name: string, content: string): void {
    mkdirSync(path.dirname(this.path(name)), { recursive: true });
    writeFileSync(this.path(name), content);
  }

  remove(name: string): void {
    rmSync(this.path(name), { recursive: true });
  }

  /** Writes a lock file that asks for this version of the one package. */
  lock(version: string): void {
    const packages = { '': {}, 'node_modules/zod': { version }, 'node_modules/fsevents': { optional: true } };
    this.write('package-lock.json', JSON.stringify({ packages }));
  }

  /** The arguments of each call of npm so far. */
  npmCalls(): string[] {
    const log = this.path('npm-calls.log');
    return existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : [];
  }

  start(...args: string[]): Command {
    return this.#spawn(process.execPath, [this.path('tool/bootstrap.mjs'), ...args], {});
  }

  /** As npm does it: in a shell that waits for the end. The command returned is the shell. */
  startInShell(...args: string[]): Command {
    const line = [process.execPath, this.path('tool/bootstrap.mjs'), ...args, '; true'].join(' ');
    return this.#spawn('sh', ['-c', line], { npm_lifecycle_event: 'start' });
  }

  #spawn(file: string, args: string[], environment: Record<string, string>): Command {
    return spawn(file, args, {
      cwd: this.folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        npm_lifecycle_event: undefined,
        npm_execpath: this.path('npm/npm-cli.js'),
        ...environment,
      },
    });
  }

  async run(...args: string[]): Promise<Ending> {
    const child = this.start(...args);
    const ended = ending(child);
    const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { ...(await ended), output, errors };
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Resolves when a command has ended. */
export function ending(child: Command): Promise<Pick<Ending, 'code' | 'signal'>> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
}

/** Resolves when the program of a command says that it waits. */
export function waiting(child: Command): Promise<void> {
  let output = '';
  return new Promise((resolve) => {
    child.stdout.on('data', (chunk) => {
      output += String(chunk);
      if (output.includes('waiting')) resolve();
    });
  });
}
