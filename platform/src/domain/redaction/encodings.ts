/** Texts shorter than this are not looked for: they would be found in ordinary words. */
export const shortestKnown = 6;

/** A line of a secret of several lines (a key file) is looked for by itself when it is at least this long. */
const shortestLine = 16;

/**
 * The forms in which a secret may come along, itself first: as it is, in JSON, in an address (with %20 or +, every character escaped or
 * only those that must be), in HTML, in hexadecimal, and in base64 wherever it stands inside of what was encoded.
 * Encodings of encodings are not among them.
 */
export function encodingsOf(value: string): string[] {
  const lines = value.split(/\r?\n/).filter((line) => line.length >= shortestLine);
  const texts = lines.length > 1 ? [value, ...lines] : [value];
  const forms = texts.flatMap((text) => {
    const bytes = Buffer.from(text);
    return [
      text,
      ...inJson(text),
      ...inAddress(text, bytes),
      inHtml(text),
      ...inHex(bytes),
      ...inBase64(bytes),
    ];
  });
  return [...new Set(forms)].filter((form) => form.length >= shortestKnown);
}

function inJson(text: string): string[] {
  const plain = JSON.stringify(text).slice(1, -1);
  const ascii = plain.replaceAll(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return [plain, ascii, plain.replaceAll('/', '\\/')];
}

function inAddress(text: string, bytes: Buffer): string[] {
  const component = encodeURIComponent(text.toWellFormed());
  const strict = component.replaceAll(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16)}`);
  const form = new URLSearchParams({ '': text }).toString().slice(1);
  const every = bytes.toString('hex').replaceAll(/../g, '%$&');
  return [component, strict, form, encodeURI(text.toWellFormed()), every].flatMap(bothCases);
}

/** Escapes are written in upper case by some and in lower case by others. */
function bothCases(escaped: string): string[] {
  return [
    escaped.replaceAll(/%[\da-f]{2}/gi, (escape) => escape.toUpperCase()),
    escaped.replaceAll(/%[\da-f]{2}/gi, (escape) => escape.toLowerCase()),
  ];
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function inHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}

function inHex(bytes: Buffer): string[] {
  const hex = bytes.toString('hex');
  return [hex, hex.toUpperCase()];
}

/** Base64 writes three bytes as four characters: where a text stands among them gives three forms of it. */
function inBase64(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((before) => {
    const whole = Buffer.concat([Buffer.alloc(before), bytes]);
    const encoded = whole.toString('base64').replaceAll('=', '');
    // Characters that also hold bits of what stands before or after are not the same everywhere.
    const from = Math.ceil((before * 8) / 6);
    const to = Math.floor((whole.length * 8) / 6);
    const certain = encoded.slice(from, to);
    return [certain, certain.replaceAll('+', '-').replaceAll('/', '_')];
  });
}
