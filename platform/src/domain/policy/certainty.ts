import type { Certainty } from './call-facts.ts';

/** All must hold. */
export function allOf(parts: Iterable<Certainty>): Certainty {
  let result: Certainty = 'yes';
  for (const part of parts) {
    if (part === 'no') return 'no';
    if (part === 'unclear') result = 'unclear';
  }
  return result;
}

/** One must hold. */
export function anyOf(parts: Iterable<Certainty>): Certainty {
  let result: Certainty = 'no';
  for (const part of parts) {
    if (part === 'yes') return 'yes';
    if (part === 'unclear') result = 'unclear';
  }
  return result;
}

/** Of what is known for sure. */
export function sure(holds: boolean): Certainty {
  return holds ? 'yes' : 'no';
}
