import { BatutaError } from '@batuta/contract';
import type { ConsentService } from '../../port/consent-service.ts';
import type { Clock } from '../../port/clock.ts';
import type { Log } from '../../port/log.ts';
import type { RateLimiter } from '../../port/rate-limiter.ts';
import type { ToolSource, ToolSourceStatus } from '../../port/tool-source.ts';
import type { ExecutableTool } from '../../port/tool.ts';
import type { Resolve } from '../pinned-http/resolve-host.ts';
import { ResponseCache } from './answer/response-cache.ts';
import type { ApiLimits, ApiSettings } from './api-settings.ts';
import { ToolCollector, type ApiTools } from './api-tools.ts';
import { TokenStore } from './auth/token-store.ts';
import { FaultyPart } from './document/document-fault.ts';
import { importInThread } from './import-thread.ts';
import { loadDocument, UnreadableDocument, type LoadedDocument } from './load-document.ts';
import type { ApiRuntime } from './request/call-operation.ts';
import { makeRateGate } from './request/rate-gate.ts';

/** What sources of APIs are made with. */
export interface OpenapiParts {
  projectFolder: string;
  limits: ApiLimits;
  clock: Clock;
  log: Log;
  limiter: RateLimiter;
  /** The name that models see for a tool of a source. */
  nameOf: (source: string, tool: string) => string;
  /** Where people consent to calls of an API in their name. */
  consentsOf?: (api: string) => ConsentService | undefined;
  resolve?: Resolve;
}

/** A document that could not be read is tried again after so long, and each time after twice as long. */
const firstRetryMs = 5_000;
const longestRetryMs = 300_000;
/** How often a file is looked at. */
const fileLookMs = 5_000;
const downloadMs = 60_000;
const importLimits = { timeoutMs: 120_000, memoryMb: 1_024 };

/** The declared APIs, each a source of tools. Their documents are read in the background, one at a time. */
export function makeOpenapiSources(apis: readonly ApiSettings[], parts: OpenapiParts): ToolSource[] {
  const cache = new ResponseCache(parts.limits.cacheBytes);
  const tokens = new TokenStore(() => parts.clock.now());
  const turns = new Turns();
  return apis.map((settings) => {
    const gate = makeRateGate(settings.name, settings.callsPerMinute, parts);
    const { limits, clock, resolve } = parts;
    const consents = parts.consentsOf?.(settings.name) ?? null;
    const runtime: ApiRuntime = {
      settings,
      limits,
      clock,
      tokens,
      cache,
      gate,
      consents,
      ...(resolve ? { resolve } : {}),
    };
    return new OpenapiSource(runtime, parts, turns);
  });
}

/** Lets one piece of work begin after the other. */
class Turns {
  #tail: Promise<unknown> = Promise.resolve();

  take<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#tail.then(work);
    this.#tail = result.catch(() => undefined);
    return result;
  }
}

/**
 * One API. `starting` until its document was read for the first time; then `ready`, or `failing` with the reason. It is read again from time to
 * time, and sooner after a failure; the tools of the last good reading stay until there are others.
 */
class OpenapiSource implements ToolSource {
  readonly name: string;
  readonly settled: Promise<void>;
  readonly #api: ApiRuntime;
  readonly #parts: OpenapiParts;
  readonly #turns: Turns;
  readonly #closing = new AbortController();
  #revision = 0;
  #found: ApiTools = { tools: [], problems: [] };
  #state: ToolSourceStatus['state'] = 'starting';
  #fault: BatutaError | null = null;
  #version: string | null = null;
  #retryMs = firstRetryMs;
  #stopWaiting: () => void = () => undefined;
  #reading: Promise<void>;

  constructor(api: ApiRuntime, parts: OpenapiParts, turns: Turns) {
    this.#api = api;
    this.#parts = parts;
    this.#turns = turns;
    this.name = `openapi:${api.settings.name}`;
    this.#reading = this.#read();
    this.settled = this.#reading;
  }

  get revision(): number {
    return this.#revision;
  }

  tools(): readonly ExecutableTool[] {
    return this.#found.tools;
  }

  status(): ToolSourceStatus {
    const problems = [...(this.#fault ? [this.#fault] : []), ...this.#found.problems];
    return { state: this.#state, tools: this.#found.tools.length, problems };
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#stopWaiting();
    await this.#reading;
  }

  /** Contract: never rejects. */
  async #read(): Promise<void> {
    try {
      const loaded = await this.#load();
      if (loaded) await this.#turns.take(() => this.#import(loaded));
      this.#fault = null;
      this.#state = 'ready';
      this.#retryMs = firstRetryMs;
      this.#again(this.#pause());
    } catch (error) {
      if (this.#closing.signal.aborted) return;
      this.#fail(error);
      this.#again(this.#retryMs);
      this.#retryMs = Math.min(longestRetryMs, this.#retryMs * 2);
    }
  }

  async #load(): Promise<LoadedDocument | null> {
    const { limits, projectFolder, resolve } = this.#parts;
    const signal = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(downloadMs)]);
    const rules = {
      allowPrivate: limits.allowPrivate,
      maxBytes: limits.documentMaxBytes,
      ...(resolve ? { resolve } : {}),
    };
    return await loadDocument(this.#api.settings.document, this.#version, { projectFolder, rules, signal });
  }

  async #import({ content, version, address }: LoadedDocument): Promise<void> {
    const began = this.#parts.clock.monotonic();
    const collector = new ToolCollector(this.#api, address, this.#parts.nameOf);
    const { signal } = this.#closing;
    await importInThread(content, (items) => collector.take(items), { ...importLimits, signal });
    this.#found = collector.result();
    this.#version = version;
    this.#revision += 1;
    const { tools, problems } = this.#found;
    const fields = { source: this.name, tools: tools.length, problems: problems.length };
    this.#parts.log.info('API read', { ...fields, ms: Math.round(this.#parts.clock.monotonic() - began) });
  }

  #fail(error: unknown): void {
    this.#state = 'failing';
    this.#fault = asProblem(this.#api.settings.name, error);
    this.#parts.log.warn('an API cannot be read', { source: this.name, reason: this.#fault.message });
  }

  /** How long a good reading is taken for granted; 0: for ever. */
  #pause(): number {
    const isFile = !/^https?:\/\//i.test(this.#api.settings.document);
    const { refreshMs } = this.#api.settings;
    return isFile && refreshMs > 0 ? fileLookMs : refreshMs;
  }

  #again(ms: number): void {
    if (ms === 0 || this.#closing.signal.aborted) return;
    this.#stopWaiting = this.#parts.clock.after(ms, () => {
      this.#reading = this.#read();
    });
  }
}

function asProblem(api: string, error: unknown): BatutaError {
  if (error instanceof FaultyPart) {
    const { place, reason } = error;
    return new BatutaError('api-document-invalid', { api, place: place === '' ? '/' : place, reason });
  }
  if (error instanceof UnreadableDocument) {
    return new BatutaError('api-document-unreadable', { api, reason: error.message });
  }
  const reason = error instanceof Error ? error.message : String(error);
  return new BatutaError('api-document-unreadable', { api, reason });
}
