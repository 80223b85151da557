import type { JsonObject } from '@batuta/contract';
import type { ToolOutput } from '../../../port/tool.ts';
import type { ExchangeAnswer } from '../../pinned-http/exchange.ts';
import { asObject } from '../document/json-shape.ts';
import type { Operation } from '../document/operation.ts';
import { compactJson } from './compact-json.ts';
import { failureWords } from './failure-words.ts';
import { decodeText, isJson, isText, typeOf } from './media-type.ts';
import { paginationHint } from './pagination-hint.ts';
import { retryAfterSeconds } from './retry-after.ts';

/** Larger answers are not searched for words about further pages. */
const longestParsed = 2_000_000;

/** What is known where an answer is told. */
export interface AnsweredCall {
  api: string;
  operation: Operation;
  readOnly: boolean;
  missingCredentials: readonly string[];
  /** Values that must not be seen. */
  secrets: readonly string[];
  now: number;
}

/** An answer as a model reads it; what is no text becomes a file. */
export function renderAnswer(answer: ExchangeAnswer, call: AnsweredCall): ToolOutput {
  const type = typeOf(answer.headers['content-type']);
  const isFile = answer.body.byteLength > 0 && type !== '' && !isText(type);
  const told = isFile ? '' : withoutSecrets(textOf(answer, type), call.secrets);
  const body = parsed(told);
  if (answer.status >= 400) return { text: failure(answer, { told, body, call }), failed: true };
  const lines = [`status: ${answer.status}`];
  const { location } = answer.headers;
  if (location !== undefined) lines.push(`location: ${withoutSecrets(location, call.secrets)}`);
  const hint = paginationHint(call.operation, { link: answer.headers['link'], body });
  if (hint !== null) lines.push(withoutSecrets(hint, call.secrets));
  if (answer.bodyFault !== null) {
    lines.push(`The content of the answer cannot be told: ${answer.bodyFault}.`);
    return { text: lines.join('\n'), failed: call.readOnly };
  }
  if (isFile) return fileOutput(answer, { lines, type, call });
  if (told !== '') lines.push('', told);
  return { text: lines.join('\n') };
}

function textOf({ headers, body }: ExchangeAnswer, type: string): string {
  const text = decodeText(body, headers['content-type']);
  return isJson(type) || type === '' ? compactJson(text) : text;
}

function failure(
  answer: ExchangeAnswer,
  { told, body, call }: { told: string; body: JsonObject | undefined; call: AnsweredCall },
): string {
  const { status, headers } = answer;
  const wait = retryAfterSeconds(headers['retry-after'], call.now);
  return failureWords({ ...call, status, text: told, body, retryAfterSeconds: wait });
}

function parsed(text: string): JsonObject | undefined {
  if (text.length > longestParsed || !text.startsWith('{')) return undefined;
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function fileOutput(
  { headers, body }: ExchangeAnswer,
  { lines, type, call }: { lines: string[]; type: string; call: AnsweredCall },
): ToolOutput {
  const name = fileName(headers['content-disposition']) ?? `${call.operation.id}${extensionOf(type)}`;
  return {
    text: [...lines, `The answer is a file of type ${type} with ${body.byteLength} bytes.`].join('\n'),
    files: [{ name, mediaType: type, content: body }],
  };
}

/** The name of a Content-Disposition header, without folders and control characters. */
function fileName(header = ''): string | undefined {
  const encoded = /filename\*\s*=\s*UTF-8''([^;\s]+)/i.exec(header)?.[1];
  const plain = /filename\s*=\s*(?:"([^"]*)"|([^;\s]+))/i.exec(header);
  const told = encoded === undefined ? (plain?.[1] ?? plain?.[2] ?? '') : decoded(encoded);
  const last = told.split(/[\\/]/).at(-1) ?? '';
  const name = last
    .replaceAll(/\p{Cc}/gu, '')
    .trim()
    .slice(0, 120);
  return ['', '.', '..'].includes(name) ? undefined : name;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function extensionOf(type: string): string {
  const known: Readonly<Record<string, string>> = {
    'application/pdf': '.pdf',
    'application/zip': '.zip',
    'application/gzip': '.gz',
    'image/png': '.png',
    'image/jpeg': '.jpg',
    'image/gif': '.gif',
    'image/webp': '.webp',
    'audio/mpeg': '.mp3',
    'video/mp4': '.mp4',
  };
  return known[type] ?? '.bin';
}

const shortestSecret = 6;

/** APIs like to tell what they were sent. */
function withoutSecrets(text: string, secrets: readonly string[]): string {
  return secrets
    .filter((secret) => secret.length >= shortestSecret)
    .reduce((clean, secret) => clean.replaceAll(secret, '[secret]'), text);
}
