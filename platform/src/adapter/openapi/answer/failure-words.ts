import { STATUS_CODES } from 'node:http';
import type { JsonObject } from '@batuta/contract';
import { asList, asObject, firstText, plainOf } from '../document/json-shape.ts';

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
  const { detail, message, description, error_description: oauth } = inner;
  const parts = [
    firstText(inner['title'], inner['code'], body['error']),
    firstText(detail, message, oauth, description, body['message'], body['error_description']),
    ...details(
      inner['errors'] ?? inner['invalid-params'] ?? inner['invalid_params'] ?? inner['details'] ?? detail,
    ),
  ];
  return [...new Set(parts.filter((part) => part !== undefined))].join('; ');
}

const mostDetails = 10;

/** Faults of single fields: an object by field, or a list. */
function details(value: unknown): string[] {
  const object = asObject(value);
  if (!object) return asList(value).slice(0, mostDetails).flatMap(detailOf);
  return Object.entries(object)
    .slice(0, mostDetails)
    .map(([field, reason]) => `${field}: ${[reason].flat().map(plainOf).join(', ')}`);
}

function detailOf(item: unknown): string[] {
  const detail = asObject(item);
  if (!detail) return typeof item === 'string' ? [item] : [];
  const reason = firstText(detail['detail'], detail['reason'], detail['message'], detail['msg']);
  if (reason === undefined) return [];
  const field = ['pointer', 'field', 'name', 'path', 'param', 'loc'].map((key) => detail[key]).find(Boolean);
  return [field === undefined ? reason : `${[field].flat().map(plainOf).join('.')}: ${reason}`];
}

function adviceOn(answer: FailedAnswer): string {
  const { status, retryAfterSeconds: wait, readOnly } = answer;
  if (status === 401 || status === 403) return credentialAdvice(answer);
  if (wait !== null) return `Wait ${wait} s before you call again.`;
  if (status === 429) return 'Wait before you call again.';
  if (status < 500) return '';
  return readOnly
    ? 'The fault is on the side of the API.'
    : 'It is not known whether it took effect: look before you call again.';
}

function credentialAdvice({ missingCredentials, api }: FailedAnswer): string {
  return missingCredentials.length > 0
    ? `It asks for ${missingCredentials.join(' or ')}, and openapi.apis.${api}.auth in batuta.yaml has none of them: a person must add it.`
    : 'The credentials of the platform do not allow it; a person must look at them.';
}

function ended(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
