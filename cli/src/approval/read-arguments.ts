import type { JsonObject } from '@batuta/contract';

/** Arguments that a person typed, or why they are none. */
export type TypedArguments = { ok: true; value: JsonObject } | { ok: false; reason: string };

/** Reads arguments as one JSON object. */
export function readArguments(text: string): TypedArguments {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return { ok: true, value: value as JsonObject };
    return { ok: false, reason: JSON.stringify(value)?.slice(0, 80) ?? '' };
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) };
  }
}
