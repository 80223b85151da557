import type { ChildProcess } from 'node:child_process';
import { BatutaError } from '@batuta/contract';
import type { JSONRPCMessage, Transport } from '@modelcontextprotocol/client';
import { LastWords } from './last-words.ts';
import { LineReader } from './line-reader.ts';
import { readMessage } from './read-message.ts';
import { signalGroup, startProcess, type ProcessToStart } from './start-process.ts';
import { TrafficGuard } from './traffic-guard.ts';

export interface StdioOptions {
  server: string;
  process: ProcessToStart;
  messageBytes: number;
  now: () => number;
  /** What the server says on its standard error, line by line. */
  onDiagnostic: (line: string) => void;
}

/** How long a process may take to end by itself when its input has ended, and then when it was told to. */
const patienceMs = 2_000;

/** How the reason begins when the process went by itself. */
export const processEnded = 'its process ended';

const longestDiagnostic = 65_536;
const longestNoise = 200;

/**
 * Speaks to a process over its standard streams.
 *
 * idle -- start --> running -- the process ends, sends too much or is closed --> closed. A closed one is never started again.
 */
export class StdioTransport implements Transport {
  onclose?: () => void;
  onerror?: (error: Error) => void;
  onmessage?: (message: JSONRPCMessage) => void;
  readonly #options: StdioOptions;
  readonly #guard: TrafficGuard;
  #child: ChildProcess | undefined;
  #exited: Promise<unknown> = Promise.resolve();
  readonly #ended = Promise.withResolvers<void>();
  /** Why it was cut off, or the end of what the process said before it ended. */
  #reason: string | undefined;
  readonly #words = new LastWords();
  /** The first line that is no message. */
  #noise: string | undefined;
  #isClosed = false;

  constructor(options: StdioOptions) {
    this.#options = options;
    this.#guard = new TrafficGuard(options.now);
  }

  /** Both are how the library recognises that it speaks to a process. */
  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  get stderr(): null {
    return null;
  }

  /** Why the connection has ended, in words for people. */
  get reason(): string | undefined {
    return this.#reason;
  }

  /** What the process said that tells most about what is wrong; empty where it said nothing. */
  get lastWords(): string {
    if (this.#noise === undefined) return this.#words.reason;
    return `it writes to its standard output what is no message: "${this.#noise}"`;
  }

  async start(): Promise<void> {
    const child = startProcess(this.#options.process);
    this.#child = child;
    this.#exited = new Promise((resolve) => child.once('exit', resolve));
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    child.once('spawn', resolve);
    child.on('error', (error) => {
      this.#reason ??= error.message;
      reject(error);
      this.#end();
    });
    child.once('exit', (code, signal) => void this.#processEnded(child, code ?? signal));
    this.#readOutput(child);
    await promise;
  }

  async send(message: JSONRPCMessage): Promise<void> {
    if (await this.#write(`${JSON.stringify(message)}\n`)) return;
    // What the process said last tells more than that it cannot be written to.
    await inTime(this.#ended.promise);
    throw this.#error(this.#reason ?? 'it was closed');
  }

  async close(): Promise<void> {
    const child = this.#child;
    this.#isClosed = true;
    if (!child || child.exitCode !== null || child.signalCode !== null) return this.#end();
    child.stdin?.end();
    if (!(await inTime(this.#exited))) {
      signalGroup(child, 'SIGTERM');
      await inTime(this.#exited);
    }
    signalGroup(child, 'SIGKILL');
    this.#end();
  }

  async #write(line: string): Promise<boolean> {
    const input = this.#child?.stdin;
    if (!input?.writable || this.#isClosed) return false;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    input.write(line, (error) => resolve(!error));
    return await promise;
  }

  #readOutput(child: ChildProcess): void {
    const lines = new LineReader(this.#options.messageBytes);
    child.stdout?.on('data', (chunk: Buffer) => this.#receive(lines.push(chunk)));
    const diagnostics = new LineReader(longestDiagnostic);
    child.stderr?.on('data', (chunk: Buffer) => {
      for (const line of diagnostics.push(chunk) ?? []) this.#diagnose(line);
    });
    for (const stream of child.stdio) stream?.on('error', () => undefined);
  }

  #diagnose(line: string): void {
    if (line.trim() === '') return;
    this.#words.add(line);
    this.#options.onDiagnostic(line);
  }

  #receive(lines: string[] | null): void {
    if (this.#isClosed) return;
    if (lines === null) {
      const megabytes = this.#options.messageBytes / 1_000_000;
      return this.#cutOff(`it sent a message of more than ${megabytes} MB`);
    }
    for (const line of lines) this.#receiveLine(line);
  }

  #receiveLine(line: string): void {
    if (line.trim() === '' || this.#isClosed) return;
    const message = readMessage(line);
    const isAnswer = message !== null && 'id' in message && !('method' in message);
    if (!isAnswer && !this.#guard.admit()) return this.#cutOff('it sends more messages than can be read');
    if (message) this.onmessage?.(message);
    else this.#hearNoise(line);
  }

  #hearNoise(line: string): void {
    this.#noise ??= line.trim().slice(0, longestNoise);
    this.onerror?.(this.#error('it sent something that is no message'));
  }

  #cutOff(reason: string): void {
    this.#reason ??= reason;
    this.#isClosed = true;
    if (this.#child) signalGroup(this.#child, 'SIGKILL');
    this.#end();
  }

  async #processEnded(child: ChildProcess, by: number | string | null): Promise<void> {
    // Its children go with it, and with them whoever else could hold its streams open.
    const streamsEnded = new Promise((resolve) => child.once('close', resolve));
    signalGroup(child, 'SIGKILL');
    // What it said last may still be on the way.
    await inTime(streamsEnded);
    const said = this.lastWords === '' ? '' : `: ${this.lastWords}`;
    this.#reason ??= `${processEnded} with ${typeof by === 'number' ? `code ${by}` : by}${said}`;
    this.#end();
  }

  #end(): void {
    this.#isClosed = true;
    this.#ended.resolve();
    const tell = this.onclose;
    delete this.onclose;
    tell?.();
  }

  #error(reason: string): Error {
    return new BatutaError('tool-server-unavailable', { server: this.#options.server, reason });
  }
}

/** Whether something ends before patience does. */
async function inTime(end: Promise<unknown>): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), patienceMs);
  void end.then(() => resolve(true));
  const ended = await promise;
  clearTimeout(timer);
  return ended;
}
