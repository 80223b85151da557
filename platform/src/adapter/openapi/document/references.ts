import type { JsonObject } from '@batuta/contract';
import { FaultyPart } from './document-fault.ts';
import { asObject, asText } from './json-shape.ts';

/** A part of a document and where it stands. */
export interface Part {
  value: JsonObject;
  place: string;
}

const longestChain = 32;

/**
 * Follows `$ref` within one document, one at a time and only where a part is needed: nothing is expanded ahead, and nothing outside of the
 * document is ever read.
 */
export class References {
  readonly #root: JsonObject;

  constructor(root: JsonObject) {
    this.#root = root;
  }

  /** The object at a place, through all references that lead there. Throws `FaultyPart`. */
  follow(value: unknown, place: string): Part {
    let part = value;
    let at = place;
    for (let steps = 0; steps <= longestChain; steps += 1) {
      const found = asObject(part);
      if (!found) throw new FaultyPart(at, 'must be an object');
      const reference = asText(found['$ref']);
      if (reference === undefined) return { value: found, place: at };
      at = pointerOf(reference, at);
      part = this.#at(at, reference, place);
    }
    throw new FaultyPart(place, 'its $ref leads back to itself');
  }

  /** Where a reference leads, one step. Throws `FaultyPart`. */
  target(reference: string, place: string): { value: unknown; place: string } {
    const pointer = pointerOf(reference, place);
    return { value: this.#at(pointer, reference, place), place: pointer };
  }

  #at(pointer: string, reference: string, place: string): unknown {
    let value: unknown = this.#root;
    for (const step of pointer.split('/').slice(1)) {
      const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
      const isThere = typeof value === 'object' && value !== null && Object.hasOwn(value, key);
      if (!isThere) throw new FaultyPart(place, `its $ref "${shortened(reference)}" leads nowhere`);
      value = (value as Record<string, unknown>)[key];
    }
    return value;
  }
}

/** A reference as a pointer into the same document. */
function pointerOf(reference: string, place: string): string {
  if (!reference.startsWith('#')) {
    throw new FaultyPart(
      place,
      `its $ref "${shortened(reference)}" leads to another document, which is not read: bundle the documents into one`,
    );
  }
  const pointer = decoded(reference.slice(1));
  if (pointer === '' || pointer.startsWith('/')) return pointer;
  throw new FaultyPart(place, `its $ref "${shortened(reference)}" is no JSON pointer`);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function shortened(text: string): string {
  return text.length > 120 ? `${text.slice(0, 120)}...` : text;
}
