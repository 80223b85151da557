import { personalDataKindSchema, type PersonalDataKind } from '@batuta/contract';
import type { FoundValue } from './value-matcher.ts';

/** Kinds of personal data that can be taken out by configuration. */
export const personalDataKinds = personalDataKindSchema.options;

interface Detector {
  label: string;
  pattern: RegExp;
  /** Sorts out what only looks like it. */
  isReal: (match: string) => boolean;
}

/** Each pattern is bounded, so that no text makes it slow; what can be checked by its digits is. */
const detectors: Readonly<Record<PersonalDataKind, Detector>> = {
  email: {
    label: 'e-mail address',
    pattern: /(?<![\w.%+-])[\w.%+-]{1,64}@(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.){1,8}[a-z]{2,24}\b/gi,
    isReal: () => true,
  },
  phone: {
    label: 'phone number',
    pattern: /(?<![\w+.-])(?:\+|00)[1-9](?:[ ().-]{0,2}\d){6,14}(?![\w-])/g,
    isReal: () => true,
  },
  card: {
    label: 'card number',
    pattern: /(?<![\w.-])[2-6]\d{3}(?:[ -]?\d){9,15}(?![\w-])/g,
    isReal: (match) => isLuhnValid(match.replaceAll(/\D/g, '')),
  },
  iban: {
    label: 'IBAN',
    pattern: /\b[A-Z]{2}\d{2}(?: ?[A-Z\d]){11,30}\b/g,
    isReal: (match) => isIbanValid(match.replaceAll(' ', '')),
  },
  ip: {
    label: 'IP address',
    pattern: /(?<![\w.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\w.]|-\d)/g,
    isReal: () => true,
  },
};

/** Personal data of the given kinds. */
export function findPersonalData(text: string, kinds: readonly PersonalDataKind[]): FoundValue[] {
  return kinds.flatMap((kind) => {
    const { label, pattern, isReal } = detectors[kind];
    return [...text.matchAll(pattern)]
      .filter(([match]) => isReal(match))
      .map((match) => ({ start: match.index, end: match.index + match[0].length, label }));
  });
}

function isLuhnValid(digits: string): boolean {
  const sum = digits
    .split('')
    .toReversed()
    .reduce((total, digit, index) => {
      const doubled = Number(digit) * (index % 2 === 1 ? 2 : 1);
      return total + (doubled > 9 ? doubled - 9 : doubled);
    }, 0);
  return sum % 10 === 0;
}

function isIbanValid(iban: string): boolean {
  const moved = iban.slice(4) + iban.slice(0, 4);
  const digits = moved.replaceAll(/[A-Z]/g, (letter) => String(letter.charCodeAt(0) - 55));
  return BigInt(digits) % 97n === 1n;
}
