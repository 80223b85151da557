import type { JsonObject, JsonValue } from '@batuta/contract';
import type { ToolSource } from './tool-source.ts';

/** What a tool does to the world; the engine decides by it what must be claimed, repeated, asked. */
export interface ToolAnnotations {
  /** Changes nothing: needs no claim and may be executed again after a crash. */
  readOnly: boolean;
  /** May destroy something: an unknown outcome is a question for a person. */
  destructive: boolean;
  /** Safe to repeat with the same idempotency key. */
  idempotent: boolean;
  /** Reaches beyond the platform: what it is given leaves, and its results are not to be trusted. */
  openWorld: boolean;
  /** Whatever it does stays in the workspace of the session, and can be looked at before it leaves: nobody has to be asked. */
  confined?: boolean;
  /** Its results are private: memory, tickets, data of customers. */
  privateData?: boolean;
  /** Its results were written by others and are not to be trusted, although it does not reach beyond the platform itself. */
  untrusted?: boolean;
}

/** An address that a host name stands for. */
export interface HostAddress {
  address: string;
  /** Part of the public internet. */
  isPublic: boolean;
}

/** A file that a call has made. It is stored as an artifact with the call's result. */
export interface ProducedFile {
  name: string;
  mediaType: string;
  content: Uint8Array;
}

/** What a call gave, where a text alone does not say it. */
export interface ToolOutput {
  text: string;
  /** The tool says that it did not do what was asked; `text` says why. */
  failed?: boolean;
  /** At most 16, together at most 20 MB; what is more is named in the result as left out. */
  files?: readonly ProducedFile[];
}

/** How far a call has come. */
export interface ToolProgress {
  /** For people; the first 1,000 characters. */
  message: string;
  /** From 0 to 1, where it is known. */
  share?: number;
}

/** What a tool asks a person while its call goes on. */
export interface ToolQuestion {
  question: string;
  /** JSON Schema of an object with plain fields that the answer shall be. Absent: any text, as `{ answer }`. */
  schema?: JsonObject;
  /** Takes the question back when it aborts: the answer is then `cancel`. */
  until?: AbortSignal;
}

/** `cancel`: nobody answered in time. */
export type ToolAnswer = { action: 'accept'; content: JsonObject } | { action: 'decline' | 'cancel' };

/** A service at which a person must consent before a call can be made. */
export interface NeededAuthorization {
  /** The service, as the project names it: `mcp:tickets`. */
  server: string;
  /** Where the person does it. */
  url: string;
}

/** What a tool is given besides its arguments. */
export interface ToolContext {
  tenantId: string;
  /** Who asked for the run; null where no person did. */
  userId: string | null;
  agent: string;
  sessionId: string;
  runId: string;
  callId: string;
  /** The same for every repetition of this call: hand it to the outside where that understands it. */
  idempotencyKey: string;
  /** Aborts when the run is cancelled, its time is over, or its lease is lost. */
  signal: AbortSignal;
  /** Milliseconds since the epoch. */
  now(): number;
  /**
   * Refuses an address that the rules do not let this call reach. A tool that connects by itself asks before it looks up a name, and
   * again, with the addresses, before each connection; redirects included. Errors: `address-refused`.
   */
  readonly mayReach: (url: URL, addresses?: readonly HostAddress[]) => void;
  /** Tells how far the call has come. As often as one likes: what comes too fast is left out. */
  progress(report: ToolProgress): void;
  /** Asks a person and waits for the answer; the call's time limit rests meanwhile. One question at a time. */
  ask(question: ToolQuestion): Promise<ToolAnswer>;
  /** Waits for something that a person does; the call's time limit rests meanwhile. Say by `progress` what is waited for. */
  rest<T>(work: Promise<T>): Promise<T>;
  /**
   * The value of a secret that the tool declares, for this one use: never put it into a result, an error or a log.
   * Errors: `secret-not-declared`, `secret-unknown`.
   */
  secret(name: string): Promise<string>;
  /** Reads a file of the same tenant that who asked for the run may see. */
  readArtifact(
    id: string,
    range: { offset: number; length: number },
  ): Promise<{ mediaType: string; bytes: number; content: Uint8Array } | undefined>;
}

/** Checked arguments, or what is wrong with them in words that a model can act on. */
export type ParsedArguments = { ok: true; value: JsonValue } | { ok: false; summary: string };

interface ToolBase {
  /** Name as models see it: letters, digits, `_` and `-`, at most 64. */
  readonly name: string;
  /** Name as agent files and rules write it: `calculator`, `agent:writer`, `mcp:tickets/create_ticket`. */
  readonly reference: string;
  readonly description: string;
  readonly inputSchema: JsonObject;
  readonly annotations: ToolAnnotations;
  /** Its author does not say what it does; `annotations` assumes the worst, and policies deny it unless a rule names it. */
  readonly undeclared?: boolean;
  /** Contract: pure, never throws. */
  parse(value: JsonValue): ParsedArguments;
}

/** A tool that is executed by this process. */
export interface ExecutableTool extends ToolBase {
  readonly kind: 'execute';
  /** Milliseconds after which a call is given up. */
  readonly timeoutMs: number;
  /** Names of the secrets that it may ask for. */
  readonly secrets?: readonly string[];
  /** The host that its declaration says it is called at, whatever its arguments: who approves a call approves that. */
  readonly host?: string;
  /**
   * What it needs of the configuration or the machine and does not have, in words that say how to mend it; null: nothing. Contract: asks
   * nobody outside.
   */
  missing?(): Promise<string | null>;
  /**
   * Whether a person must consent somewhere before calls can be made for them. Asked before a call is claimed; where it names a place,
   * the run waits until `authorised` was told, and is asked again.
   */
  authorization?(who: { tenantId: string; userId: string | null }): Promise<NeededAuthorization | null>;
  /** The result, as text for the model or with the files that were made. A thrown error becomes a failed result with its message. */
  execute(input: JsonValue, context: ToolContext): Promise<string | ToolOutput>;
}

/** A tool that the engine itself carries out: by making the run wait, or by telling of further tools. */
export interface ControlTool extends ToolBase {
  readonly kind: 'ask-user' | 'wait-until' | 'delegate' | 'find-tools';
  /** The agent that `delegate` starts. */
  readonly agent?: string;
  /** References of the tools that `find-tools` searches besides those of the agent that do not fit into the context. */
  readonly scope?: readonly string[];
}

/** Anything that a model can call. */
export type Tool = ExecutableTool | ControlTool;

/** The tools that exist. */
export interface ToolCatalogue {
  /** Grows whenever a source's tools change. */
  readonly revision: number;
  /**
   * Tools that the references of an agent name (`agent:<name>` included); references that match nothing
   * are in `unknown`, but not those into a source that is declared and has not told its tools yet.
   */
  resolve(references: readonly string[]): { tools: Tool[]; unknown: string[] };
  /** All tools but those that start agents, and where those come from that are not of the platform or the project. */
  describe(): { tools: readonly Tool[]; sources: readonly ToolSource[] };
  /** Names of all tools, for validation and hints. */
  names(): string[];
}
