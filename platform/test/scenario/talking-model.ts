import { noUsage } from '@batuta/contract';
import { BatutaError } from '@batuta/contract';
import type { LanguageModel, ModelAnswer, ModelRequest, TextSink } from '@batuta/platform/ports';

/** Says words one by one, each when it is allowed to. */
export class Pace {
  #allowed = 0;
  #wake: () => void = () => undefined;

  /** Lets the model say so many words more. */
  allow(words: number): void {
    this.#allowed += words;
    this.#wake();
  }

  async next(signal: AbortSignal): Promise<void> {
    while (this.#allowed <= 0) {
      signal.throwIfAborted();
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    }
    this.#allowed -= 1;
  }
}

/** A model that talks at the pace of its listeners. `breaksAfter`: it fails in the middle, after so many words. */
export class TalkingModel implements LanguageModel {
  readonly reference: string;
  readonly provider = 'talking';
  readonly contextTokens = 100_000;
  readonly #pace: Pace;
  readonly #talk: { words: number; breaksAfter?: number };

  constructor(reference: string, pace: Pace, talk: { words: number; breaksAfter?: number }) {
    this.reference = reference;
    this.#pace = pace;
    this.#talk = talk;
  }

  async call(request: ModelRequest, sink: TextSink, signal: AbortSignal): Promise<ModelAnswer> {
    const { words, breaksAfter } = this.#talk;
    const hasResults = request.messages.at(-1)?.role === 'tool';
    let text = '';
    for (let word = 0; word < words; word += 1) {
      if (word === breaksAfter) throw this.#failure();
      await this.#pace.next(signal);
      const piece = `${hasResults ? 'later' : 'first'} ${word}é😀 `;
      text += piece;
      sink.text(piece);
    }
    const call = { type: 'tool-call', call_id: 'call_1', tool: 'read', arguments: '{}' } as const;
    const parts = [{ type: 'text', text } as const, ...(hasResults ? [] : [call])];
    return { parts, finishReason: hasResults ? 'stop' : 'tool-calls', usage: noUsage };
  }

  #failure(): BatutaError {
    return new BatutaError('model-call-failed', {
      model: this.reference,
      kind: 'server',
      reason: 'it broke off',
      retryable: false,
      retry_after_ms: null,
      provider_status: null,
      sent: true,
    });
  }
}
