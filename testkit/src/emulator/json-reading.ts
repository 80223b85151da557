import type { JsonObject, JsonValue } from '@batuta/contract';

// Requests are read leniently here: what is missing or of another type is empty. The conversation check and the wire
// formats decide what a provider would refuse.

/** The object, or an empty one. */
export function objectOf(value: JsonValue | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

/** The items of a list, or none. */
export function listOf(value: JsonValue | undefined): JsonValue[] {
  return Array.isArray(value) ? value : [];
}

/** The text, or the empty one. */
export function textValue(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** Text as it is, any other value as JSON; nothing for nothing. */
export function textOrJson(value: JsonValue | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The texts of a content that is either a text or a list of parts with a text in them. */
export function contentText(content: JsonValue | undefined): string {
  if (typeof content === 'string') return content;
  return listOf(content)
    .map((part) => textValue(objectOf(part)['text']))
    .join('');
}
