import { BatutaError } from '@batuta/contract';

/** When an answer ends before its time. */
export interface AnswerWatch {
  /** Ends the answer when it aborts; null: the answer ends by itself. */
  ends: AbortSignal | null;
  /** Called once, when the answer was sent or the client is gone. */
  done: () => void;
}

/** Answers that are being sent. A client may keep one open for as long as it likes, so there is a limit to them, and they end with the server. */
export class OpenAnswers {
  #count = 0;

  /** Errors: `streams-full`. */
  refuseMoreThan(limit: number): void {
    if (this.#count >= limit) throw new BatutaError('streams-full', { limit, retry_after_seconds: 5 });
  }

  /** The answer as it is, counted until it ends. */
  watch(answer: Response, { ends, done }: AnswerWatch): Response {
    const { body, status, statusText, headers } = answer;
    if (body === null) {
      done();
      return answer;
    }
    this.#count += 1;
    const reader = body.getReader();
    const cut = () => void reader.cancel().catch(() => undefined);
    ends?.addEventListener('abort', cut, { once: true });
    let isOver = false;
    const over = () => {
      if (isOver) return;
      isOver = true;
      ends?.removeEventListener('abort', cut);
      this.#count -= 1;
      done();
    };
    return new Response(readAll(reader, over), { status, statusText, headers });
  }
}

function readAll(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  over: () => void,
): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const next = await reader.read();
        if (!next.done) return controller.enqueue(next.value);
        over();
        controller.close();
      } catch (error) {
        over();
        controller.error(error);
      }
    },
    cancel(reason) {
      over();
      return reader.cancel(reason);
    },
  });
}
