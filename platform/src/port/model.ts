import type { Embedder } from './embedder.ts';
import type { AssistantPart, JsonObject, TextPart, Usage } from '@batuta/contract';

/** A file in front of a model, with its bytes. */
export interface ModelFilePart {
  type: 'file';
  mediaType: string;
  data: Uint8Array;
  name?: string;
}

/** One message of the history as it is sent to a model. Every tool call in it has a result. */
export type ModelMessage =
  | { role: 'user'; parts: (TextPart | ModelFilePart)[] }
  | { role: 'assistant'; parts: AssistantPart[] }
  | { role: 'tool'; results: ModelToolResult[] };

/** The result of one tool call as a model reads it. */
export interface ModelToolResult {
  callId: string;
  tool: string;
  /** True when the call did not succeed: `content` then says why. */
  isError: boolean;
  content: string;
}

/** A tool as a model sees it. */
export interface ModelToolSpec {
  name: string;
  description: string;
  /** JSON Schema of the arguments. */
  inputSchema: JsonObject;
}

/** One question to a model. */
export interface ModelRequest {
  instructions: string;
  messages: readonly ModelMessage[];
  tools: readonly ModelToolSpec[];
  settings: { temperature?: number | undefined; maxOutputTokens?: number | undefined };
}

/** A model's whole answer. */
export interface ModelAnswer {
  parts: AssistantPart[];
  finishReason: 'stop' | 'tool-calls' | 'length' | 'content-filter' | 'error' | 'other';
  usage: Usage;
}

/** Receives an answer's text while it is made. Contract: both return at once and never throw. */
export interface TextSink {
  text(delta: string): void;
  /** Something arrived that is not text (thoughts, arguments of a tool call): the model is alive. */
  progress?(): void;
}

/**
 * One model of one provider. Failures are the error `model-call-failed`, whose data says of which kind it is and whether
 * and when to try again; an abort by `signal` rejects with the signal's reason.
 */
export interface LanguageModel {
  /** `provider/model`. */
  readonly reference: string;
  /** The provider: the circuit breaker's unit. */
  readonly provider: string;
  /** Tokens that fit into one call, input and output together. */
  readonly contextTokens: number;
  call(request: ModelRequest, sink: TextSink, signal: AbortSignal): Promise<ModelAnswer>;
}

/** The models of one provider, as its adapter offers them. */
export interface ModelProvider {
  /** What stands before the `/` of a reference. */
  readonly name: string;
  readonly usable: boolean;
  /** Why it can or cannot be used, for people: "ANTHROPIC_API_KEY is set". */
  readonly reason: string;
  /** Used where nobody names a model; null when models of this provider must be named. */
  readonly defaultModel: string | null;
  /** The model of this name; undefined where it is known that there is none. Contract: makes no request. */
  model(name: string): LanguageModel | undefined;
  /** The embedding model of this name; absent where the provider has none. Contract: makes no request. */
  embedder?(name: string): Embedder;
}

/** A model that was found at the start, and why. */
export interface AvailableModel {
  reference: string;
  /** For example "ANTHROPIC_API_KEY is set" or "Ollama answers at http://127.0.0.1:11434". */
  reason: string;
}

/** The models that the configuration and the environment make reachable. */
export interface ModelRegistry {
  /** The model of a reference; undefined when its provider is unknown or has no key. */
  find(reference: string): LanguageModel | undefined;
  /** What an agent without a `model` uses, best first; never empty (`offline/extractive` is last). */
  defaults(): AvailableModel[];
  /** All providers: those that can be used and those that lack something, for people. */
  describe(): { provider: string; usable: boolean; reason: string }[];
}

/** Prices of models. */
export interface PriceList {
  /** Cost of a call in millionths of a US dollar; null when the model has no known price. */
  cost(reference: string, usage: Usage): number | null;
  /** The most that a call of so many tokens can cost, whatever the provider's cache does; null when the model has no known price. */
  worstCost(reference: string, tokens: { input: number; output: number }): number | null;
}
