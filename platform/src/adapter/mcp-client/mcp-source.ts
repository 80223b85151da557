import { BatutaError } from '@batuta/contract';
import type { Tool } from '@modelcontextprotocol/client';
import type { Clock } from '../../port/clock.ts';
import type { ConsentService } from '../../port/consent-service.ts';
import type { Log } from '../../port/log.ts';
import type { ToolSource, ToolSourceState, ToolSourceStatus } from '../../port/tool-source.ts';
import type { ExecutableTool } from '../../port/tool.ts';
import type { Connection } from './connection.ts';
import { ConnectionPool } from './connection-pool.ts';
import { executeOn } from './execute-call.ts';
import { cutProblem, type ListedTools } from './list-tools.ts';
import { makeTools } from './make-tools.ts';
import type { Caller, ToolServerOptions } from './server-options.ts';

/** What a connection tells its source, and when it is not wanted any more. */
export interface ConnectHow {
  onListChanged: () => void;
  signal: AbortSignal;
}

export interface McpSourceOptions {
  server: ToolServerOptions;
  clock: Clock;
  log: Log;
  random: () => number;
  /** Name that models see. */
  nameOf: (server: string, tool: string) => string;
  /** In whose name the list of tools is asked for. */
  home: () => Promise<Caller>;
  /** Connects in the name of a caller; the server may say that its tools are others now. */
  connect: (caller: Caller, how: ConnectHow) => Promise<Connection>;
  /** Where each user signs in to the server. */
  consents?: ConsentService;
}

/**
 * The tools of one server.
 *
 * starting -- listed --> ready -- lost, or no list --> failing -- connected again and listed --> ready
 * starting -- not reached --> failing
 *
 * One loop keeps a connection in the name of the platform's own tenant, by which the tools are known: asked for at the beginning, whenever the
 * server says that they changed, after each new connection, and from time to time, since not every server tells. Calls take connections from
 * the same pool.
 */
export class McpSource implements ToolSource {
  readonly name: string;
  readonly settled: Promise<void>;
  readonly #options: McpSourceOptions;
  readonly #pool: ConnectionPool;
  readonly #stop = new AbortController();
  readonly #settle: () => void;
  readonly #kept: Promise<void>;
  #wake: () => void = () => undefined;
  #tools: readonly ExecutableTool[] = [];
  #names = new Set<string>();
  #fingerprint = '';
  #revision = 0;
  #state: ToolSourceState = 'starting';
  #problems: readonly BatutaError[] = [];
  /** What is wrong with the list that was taken last. */
  #listProblems: readonly BatutaError[] = [];

  constructor(options: McpSourceOptions) {
    const { server, connect } = options;
    this.#options = options;
    this.name = `mcp:${server.name}`;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.settled = promise;
    this.#settle = resolve;
    this.#pool = new ConnectionPool({
      ...options,
      connect: (caller) => connect(caller, { signal: this.#stop.signal, onListChanged: () => this.#wake() }),
    });
    this.#kept = this.#keep();
  }

  get revision(): number {
    return this.#revision;
  }

  tools(): readonly ExecutableTool[] {
    return this.#tools;
  }

  status(): ToolSourceStatus {
    return { state: this.#state, tools: this.#tools.length, problems: this.#problems };
  }

  /** Somebody has signed in or withdrawn it: their connection is made anew, and the tools are asked for if they are not known. */
  async ownerChanged(owner: Caller): Promise<void> {
    await this.#pool.forget(owner);
    this.#wake();
  }

  async close(): Promise<void> {
    this.#stop.abort();
    this.#settle();
    await this.#pool.close();
    await this.#kept;
  }

  async #keep(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const changed = this.#nextWake();
      try {
        const connection = await this.#pool.acquire(await this.#options.home(), this.#stop.signal);
        await connection.use(async () => {
          await this.#list(connection);
          await this.#untilDue(connection, changed);
        });
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        this.#failed(error);
        await this.#pause(changed);
      }
    }
  }

  async #list(connection: Connection): Promise<void> {
    try {
      this.#take(await connection.listTools());
      this.#settle();
    } catch (error) {
      const { reason } = connection;
      await this.#pool.discard(connection);
      throw reason === undefined ? error : this.#unavailable(reason);
    }
  }

  #take({ tools, isCut }: ListedTools): void {
    const { server, nameOf, consents } = this.#options;
    const fingerprint = JSON.stringify([tools, isCut]);
    if (this.#state !== 'ready') this.#tell('ready', tools.length);
    this.#state = 'ready';
    this.#problems = this.#listProblems;
    if (fingerprint === this.#fingerprint) return;
    const made = makeTools(tools, {
      server,
      nameOf,
      consents,
      execute: (tool, ms) => this.#execute(tool, ms),
    });
    this.#fingerprint = fingerprint;
    this.#tools = made.tools;
    this.#names = new Set(tools.map(({ name }) => name));
    this.#listProblems = [...made.problems, ...(isCut ? [cutProblem(server.name, tools.length)] : [])];
    this.#problems = this.#listProblems;
    this.#revision += 1;
  }

  #execute(tool: Tool, timeoutMs: number): ExecutableTool['execute'] {
    const { server, clock, consents } = this.#options;
    const isListed = () => this.#names.has(tool.name);
    return executeOn({ pool: this.#pool, server, clock, consents, tool, timeoutMs, isListed });
  }

  #failed(error: unknown): void {
    const problem = BatutaError.is(error) ? error : this.#unavailable(messageOf(error));
    const isNew = this.#state !== 'failing' || this.#problems[0]?.message !== problem.message;
    this.#state = 'failing';
    this.#problems = [problem];
    if (isNew)
      this.#options.log.warn('a tool server is failing', { server: this.name, reason: problem.message });
    this.#settle();
  }

  #tell(state: ToolSourceState, tools: number): void {
    this.#options.log.info(`tool server ${state}`, { server: this.name, tools });
  }

  /** Ends when the tools must be asked for again. */
  async #untilDue(connection: Connection, changed: Promise<void>): Promise<void> {
    const { clock, server, random } = this.#options;
    const rest = new AbortController();
    const ends = AbortSignal.any([rest.signal, this.#stop.signal]);
    // Not all platforms ask at the same time.
    const due = clock.sleep(server.refreshMs * (0.9 + 0.2 * random()), ends);
    await Promise.race([due, changed, connection.over]);
    rest.abort();
  }

  async #pause(changed: Promise<void>): Promise<void> {
    const { clock, home } = this.#options;
    const shortest = 250;
    const rest = new AbortController();
    const ms = Math.max(shortest, this.#pool.pauseLeft(await home()));
    const over = clock.sleep(ms, AbortSignal.any([rest.signal, this.#stop.signal]));
    await Promise.race([over, changed]);
    rest.abort();
  }

  #nextWake(): Promise<void> {
    return new Promise((resolve) => (this.#wake = resolve));
  }

  #unavailable(reason: string): BatutaError {
    return new BatutaError('tool-server-unavailable', { server: this.#options.server.name, reason });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
