import type { Exchange } from './exchange.ts';

/** Further headers of one answer. */
export type AnswerHeaders = Readonly<Record<string, string>>;

/** Answers with JSON. */
export function answerJson(
  exchange: Exchange,
  value: unknown,
  { status = 200, headers = {} }: { status?: number; headers?: AnswerHeaders } = {},
): Response {
  return new Response(JSON.stringify(value), {
    status,
    headers: { ...exchange.headers, 'content-type': 'application/json', ...headers },
  });
}

/** Answers without a body. */
export function answerEmpty(exchange: Exchange, status: number, headers: AnswerHeaders = {}): Response {
  return new Response(null, { status, headers: { ...exchange.headers, ...headers } });
}
