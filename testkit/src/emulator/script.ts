import type { EmulatedRequest } from './emulated-request.ts';
import { replyOfModelName } from './model-name.ts';
import { failure } from './reply-builders.ts';
import type { Reply } from './reply.ts';

/** Decides about one request. Contract: may wait; what it throws becomes a status 500 that quotes it. */
export type ReplyFunction = (request: EmulatedRequest) => Reply | Promise<Reply>;

/** One reply for every request, replies to be given one after the other, or a function. */
export type ReplySource = Reply | readonly Reply[] | ReplyFunction;

interface ScriptEntry {
  source: ReplySource;
  given: number;
}

/**
 * Chooses the reply to a request: the script of its model, else the script for all models, else what the name of the model
 * says. A queue that is used up answers 400 and says so: a client would try a 500 again.
 */
export class Script {
  readonly #ofModel = new Map<string, ScriptEntry>();
  #ofAll: ScriptEntry | undefined;

  set(source: ReplySource, model?: string): void {
    const entry = { source, given: 0 };
    if (model === undefined) this.#ofAll = entry;
    else this.#ofModel.set(model, entry);
  }

  clear(): void {
    this.#ofModel.clear();
    this.#ofAll = undefined;
  }

  get models(): string[] {
    return [...this.#ofModel.keys()];
  }

  reply(request: EmulatedRequest): Reply | Promise<Reply> {
    const entry = this.#ofModel.get(request.model) ?? this.#ofAll;
    if (entry !== undefined) return replyOfEntry(entry, request);
    return replyOfModelName(request) ?? unknownModel(request.model);
  }
}

function replyOfEntry(entry: ScriptEntry, request: EmulatedRequest): Reply | Promise<Reply> {
  entry.given += 1;
  if (typeof entry.source === 'function') return entry.source(request);
  if (!isQueue(entry.source)) return entry.source;
  return entry.source[entry.given - 1] ?? usedUp(entry.source.length, request);
}

function isQueue(source: Reply | readonly Reply[]): source is readonly Reply[] {
  return Array.isArray(source);
}

function usedUp(length: number, request: EmulatedRequest): Reply {
  const message = `The script of the emulator has ${length} replies, and all are given. This is request ${request.index + 1} (model ${request.model}).`;
  return failure(400, { message });
}

function unknownModel(model: string): Reply {
  const message = `The model "${model}" is not scripted, and its name says no reply. Names such as text-200, tools-10, echo or error-429 do.`;
  return failure(404, { message });
}
