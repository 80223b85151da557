import type { JsonObject } from '@batuta/contract';

import { textValue } from './json-reading.ts';
import { anthropicWire } from './wire-anthropic.ts';
import { googleWire } from './wire-google.ts';
import { ollamaWire } from './wire-ollama.ts';
import { openAiChatWire } from './wire-openai-chat.ts';
import { openAiResponsesWire } from './wire-openai-responses.ts';
import type { WireFormat } from './wire.ts';

/** Where a request goes: its wire, and what of it stands in the address. */
export interface Route {
  format: WireFormat;
  /** The model, where the address names it. */
  model?: string;
  /** Whether it is a stream, where the address says it. */
  stream?: boolean;
}

// Clients differ in whether their base address ends in /v1, so both forms are served.
const routes: ReadonlyMap<string, Route> = new Map([
  ['/v1/chat/completions', { format: openAiChatWire }],
  ['/chat/completions', { format: openAiChatWire }],
  ['/v1/responses', { format: openAiResponsesWire }],
  ['/responses', { format: openAiResponsesWire }],
  ['/v1/messages', { format: anthropicWire }],
  ['/messages', { format: anthropicWire }],
  ['/api/chat', { format: ollamaWire }],
]);

const googlePath = /^\/v1(?:beta)?\/models\/(.+):(generateContent|streamGenerateContent)$/;

/** The route of a POST to this path, or nothing. */
export function routeOf(path: string): Route | undefined {
  const known = routes.get(path);
  if (known !== undefined) return known;
  const [, model, method] = googlePath.exec(path) ?? [];
  if (model === undefined) return undefined;
  return { format: googleWire, model: decodeURIComponent(model), stream: method === 'streamGenerateContent' };
}

/** The model that a request names. */
export function modelOf(route: Route, body: JsonObject): string {
  return route.model ?? textValue(body['model']);
}

/** Whether a request asks for a stream. Ollama streams unless told not to. */
export function streamOf(route: Route, body: JsonObject): boolean {
  if (route.stream !== undefined) return route.stream;
  return route.format.wire === 'ollama' ? body['stream'] !== false : body['stream'] === true;
}
