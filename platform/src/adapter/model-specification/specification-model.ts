import type { LanguageModelV4, LanguageModelV4CallOptions, SharedV4ProviderOptions } from '@ai-sdk/provider';
import type { LanguageModel, ModelAnswer, ModelRequest } from '../../port/model.ts';
import { estimateUsage } from './estimate-usage.ts';
import { modelCallFailed, normaliseError, type FailedCall } from './normalise-error.ts';
import { isUsageReported, normaliseUsage } from './normalise-usage.ts';
import { readAnswer, type StreamedAnswer } from './read-answer.ts';
import { translatePrompt } from './translate-prompt.ts';
import { translateTools } from './translate-tools.ts';

/** A model behind the provider specification. */
export interface SpecificationModelOptions {
  /** `provider/model`. */
  reference: string;
  provider: string;
  contextTokens: number;
  /** Imports the provider package and makes its model; called at the first use. */
  load: () => Promise<LanguageModelV4>;
  /** Sent with every call. */
  providerOptions?: SharedV4ProviderOptions;
  /** Marks the points up to which the provider caches the prompt. */
  cacheMark?: SharedV4ProviderOptions;
  /** Keys that must not appear in a reason. */
  secrets: readonly string[];
  /** Milliseconds since the epoch. */
  now: () => number;
}

/** Makes a language model of one that speaks the provider specification. */
export function createSpecificationModel(options: SpecificationModelOptions): LanguageModel {
  const { reference, provider, contextTokens, secrets } = options;
  let loading: Promise<LanguageModelV4> | undefined;
  const describeCall = (): FailedCall => ({ reference, secrets, now: options.now() });
  return {
    reference,
    provider,
    contextTokens,
    async call(request, sink, signal) {
      try {
        loading ??= options.load();
        const model = await loading;
        signal.throwIfAborted();
        const { stream } = await model.doStream(toCallOptions(request, options, signal));
        return finishAnswer(request, await readAnswer(stream, sink), describeCall());
      } catch (error) {
        signal.throwIfAborted();
        throw normaliseError(error, describeCall());
      }
    },
  };
}

function toCallOptions(
  request: ModelRequest,
  { cacheMark, providerOptions }: SpecificationModelOptions,
  abortSignal: AbortSignal,
): LanguageModelV4CallOptions {
  const { temperature, maxOutputTokens } = request.settings;
  return {
    prompt: translatePrompt(request, cacheMark),
    abortSignal,
    includeRawChunks: false,
    ...(request.tools.length > 0 && { tools: translateTools(request.tools) }),
    ...(temperature !== undefined && { temperature }),
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
    ...(providerOptions !== undefined && { providerOptions }),
  };
}

function finishAnswer(request: ModelRequest, answer: StreamedAnswer, call: FailedCall): ModelAnswer {
  const { parts, finishReason, rawFinishReason, usage } = answer;
  if (finishReason === undefined) {
    throw modelCallFailed(call, { kind: 'network', reason: 'the stream ended before the answer did' });
  }
  if (finishReason === 'error') {
    throw modelCallFailed(call, {
      kind: 'malformed',
      reason: `the answer ended with ${rawFinishReason ?? 'an error'}`,
    });
  }
  if (parts.some((part) => part.type === 'tool-call' && part.tool === '')) {
    throw modelCallFailed(call, { kind: 'malformed', reason: 'a tool call has no name' });
  }
  return {
    parts,
    finishReason,
    usage:
      usage !== undefined && isUsageReported(usage) ? normaliseUsage(usage) : estimateUsage(request, parts),
  };
}
