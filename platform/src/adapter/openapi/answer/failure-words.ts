import { STATUS_CODES } from 'node:http';
import type { JsonObject } from '@batuta/contract';
import { asList, asObject, asText } from '../document/json-shape.ts';

/** Characters of an error's own words, and of its content after them. */
const longestWords = 600;
const longestContent = 1_500;

/** An answer that says that it did not work. */
export interface FailedAnswer {
  status: number;
  /** The content as text, without secrets. */
  text: string;
  body: JsonObject | undefined;
  retryAfterSeconds: number | null;
  readOnly: boolean;
  /** Schemes that the operation asks for and nobody has configured. */
  missingCredentials: readonly string[];
  api: string;
}

/** What a model is told of it: the status, the API's own words, and what can be done. */
export function failureWords(answer: FailedAnswer): string {
  const { status, body, text } = answer;
  const title = STATUS_CODES[status] ?? '';
  const words = wordsOf(body).slice(0, longestWords);
  const first = `The API answered ${status}${title === '' ? '' : ` ${title}`}${words === '' ? '.' : `: ${ended(words)}`}`;
  const advice = adviceOn(answer);
  const content = text.trim().slice(0, longestContent);
  const rest = content === '' || content === words ? [] : [`Its answer: ${content}`];
  return [[first, advice].filter((part) => part !== '').join(' '), ...rest].join('\n');
}

/** The words of an error in the forms that are common: problem details (RFC 9457), and what others use. */
function wordsOf(body: JsonObject | undefined): string {
  if (!body) return '';
  const inner = asObject(body['error']) ?? asObject(body['fault']) ?? body;
  const parts = [
    asText(inner['title']) ?? asText(inner['code']) ?? asText(body['error']),
    asText(inner['detail']) ??
      asText(inner['message']) ??
      asText(inner['error_description']) ??
      asText(inner['description']) ??
      asText(body['message']) ??
      asText(body['error_description']),
    ...details(inner['errors'] ?? inner['invalid-params'] ?? inner['invalid_params'] ?? inner['details']),
  ];
  const told = parts.filter((part) => part !== undefined && part !== '');
  return [...new Set(told)].join('; ');
}

/** Faults of single fields. */
function details(value: unknown): string[] {
  const object = asObject(value);
  if (object) {
    return Object.entries(object)
      .slice(0, 10)
      .map(([field, reason]) => `${field}: ${asList(reason).map(String).join(', ') || String(reason)}`);
  }
  return asList(value)
    .slice(0, 10)
    .flatMap((item) => {
      const detail = asObject(item);
      if (!detail) return asText(item) ?? [];
      const field = ['pointer', 'field', 'name', 'path', 'param', 'loc']
        .map((key) => detail[key])
        .find(Boolean);
      const reason =
        asText(detail['detail']) ??
        asText(detail['reason']) ??
        asText(detail['message']) ??
        asText(detail['msg']);
      if (reason === undefined) return [];
      return field === undefined ? reason : `${asList(field).join('.') || String(field)}: ${reason}`;
    });
}

function adviceOn({ status, retryAfterSeconds, readOnly, missingCredentials, api }: FailedAnswer): string {
  if (status === 401 && missingCredentials.length > 0) {
    return `It asks for ${missingCredentials.join(' or ')}, and openapi.apis.${api}.auth in batuta.yaml has none of them: a person must add it.`;
  }
  if (status === 401 || status === 403)
    return 'The credentials of the platform do not allow it; a person must look at them.';
  if (status === 429 || retryAfterSeconds !== null) {
    return retryAfterSeconds === null
      ? 'Wait before you call again.'
      : `Wait ${retryAfterSeconds} s before you call again.`;
  }
  if (status >= 500 && !readOnly)
    return 'It is not known whether it took effect: look before you call again.';
  return status >= 500 ? 'The fault is on the side of the API.' : '';
}

function ended(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
