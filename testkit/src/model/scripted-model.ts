import { BatutaError, noUsage, type AssistantPart, type Usage } from '@batuta/contract';
import type {
  LanguageModel,
  ModelAnswer,
  ModelRegistry,
  ModelRequest,
  TextSink,
} from '@batuta/platform/ports';

/** What a scripted model answers to one request. */
export type ScriptedAnswer =
  /** A final answer, streamed word by word. */
  | { text: string; usage?: Partial<Usage> }
  /** Tool calls; arguments as an object, or as the raw text that a careless model might write. */
  | { calls: readonly { tool: string; arguments?: object | string; callId?: string }[]; text?: string }
  /** A failure, after some text if given. */
  | { failure: 'rate-limited' | 'server' | 'request' | 'context'; afterText?: string }
  /** Text that stops until the request is aborted. */
  | { hangAfterText: string };

/** Decides an answer from the request; called once a request. It may wait for something first. */
export type ModelScript = (request: ModelRequest, index: number) => ScriptedAnswer | Promise<ScriptedAnswer>;

/**
 * A model in the process of the test: no network, no wire format, exact answers. It records what it was asked. Give it a list of
 * answers, used in order, or a function.
 */
export class ScriptedModel implements LanguageModel {
  readonly reference: string;
  readonly provider: string;
  readonly contextTokens: number;
  /** Everything that was asked, in order. */
  readonly requests: ModelRequest[] = [];
  readonly #script: ModelScript;

  constructor(
    script: readonly ScriptedAnswer[] | ModelScript,
    options: { reference?: string; contextTokens?: number } = {},
  ) {
    this.reference = options.reference ?? 'scripted/model';
    this.provider = this.reference.split('/')[0] ?? 'scripted';
    this.contextTokens = options.contextTokens ?? 100_000;
    this.#script = typeof script === 'function' ? script : (_, index) => answerAt(script, index);
  }

  async call(request: ModelRequest, sink: TextSink, signal: AbortSignal): Promise<ModelAnswer> {
    const index = this.requests.push(request) - 1;
    const answer = await this.#script(request, index);
    signal.throwIfAborted();
    if ('failure' in answer) return this.#fail(answer, sink);
    if ('hangAfterText' in answer) return hang(answer.hangAfterText, sink, signal);
    const text = answer.text ?? '';
    for (const word of text.match(/\S+\s*|\s+/g) ?? []) sink.text(word);
    const calls = 'calls' in answer ? answer.calls : [];
    const parts: AssistantPart[] = calls.map((call, position) => ({
      type: 'tool-call',
      call_id: call.callId ?? `call_${index}_${position}`,
      tool: call.tool,
      arguments: typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments ?? {}),
    }));
    if (text !== '') parts.unshift({ type: 'text', text });
    const usage = {
      ...noUsage,
      input_tokens: 10,
      output_tokens: 5,
      ...('usage' in answer ? answer.usage : {}),
    };
    return { parts, finishReason: calls.length > 0 ? 'tool-calls' : 'stop', usage };
  }

  #fail({ failure: kind, afterText }: Extract<ScriptedAnswer, { failure: string }>, sink: TextSink): never {
    if (afterText !== undefined) sink.text(afterText);
    throw new BatutaError('model-call-failed', {
      model: this.reference,
      kind,
      reason: 'the script says so',
      retryable: false,
      retry_after_ms: null,
      provider_status: null,
      sent: true,
    });
  }
}

/** A registry that knows these models and nothing else; the first is what agents without a model use. */
export function scriptedRegistry(models: readonly LanguageModel[]): ModelRegistry {
  return {
    find: (reference) => models.find((model) => model.reference === reference),
    defaults: () => models.map(({ reference }) => ({ reference, reason: 'scripted' })),
    describe: () => models.map(({ provider }) => ({ provider, usable: true, reason: 'scripted' })),
  };
}

function answerAt(script: readonly ScriptedAnswer[], index: number): ScriptedAnswer {
  return script[index] ?? { failure: 'request' };
}

function hang(text: string, sink: TextSink, signal: AbortSignal): Promise<never> {
  sink.text(text);
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
