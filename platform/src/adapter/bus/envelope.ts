import { randomUUID } from 'node:crypto';
import type { BusMessage } from '../../port/bus.ts';

/** Several messages of one process on their way: who sent them, and what. */
interface Envelope {
  from: string;
  messages: BusMessage[];
}

/** A name for this end of a bus, by which it knows its own messages. */
export function makeSender(): string {
  return randomUUID();
}

/** Messages as texts of at most `limitBytes`. The text of a message that is too large alone is divided. */
export function packEnvelopes(from: string, messages: readonly BusMessage[], limitBytes: number): string[] {
  const prefix = `{"from":${JSON.stringify(from)},"messages":[`;
  const suffix = ']}';
  const limit = limitBytes - prefix.length - suffix.length;
  const packed: string[][] = [];
  let room = 0;
  for (const text of messages.flatMap((message) => toTexts(message, limit))) {
    const bytes = Buffer.byteLength(text) + 1;
    if (bytes > room) {
      packed.push([]);
      room = limit;
    }
    packed.at(-1)?.push(text);
    room -= bytes;
  }
  return packed.map((texts) => `${prefix}${texts.join(',')}${suffix}`);
}

/** Quotes, line ends and the like take more room in JSON than in the text, so only here is it known what fits. */
function toTexts(message: BusMessage, limit: number): string[] {
  const text = JSON.stringify(message);
  if (Buffer.byteLength(text) < limit) return [text];
  if (message.kind !== 'message-text' || message.text.length < 2) return [];
  const middle = message.text.length >> 1;
  const second = { text: message.text.slice(middle), offset: message.offset + middle };
  return [
    ...toTexts({ ...message, text: message.text.slice(0, middle) }, limit),
    ...toTexts({ ...message, ...second }, limit),
  ];
}

/** The messages of a text from the bus; none when this end sent it, or when it is not from a platform. */
export function unpackEnvelope(text: string, self: string): readonly BusMessage[] {
  try {
    const envelope: Partial<Envelope> | null = JSON.parse(text);
    if (!envelope || envelope.from === self || !Array.isArray(envelope.messages)) return [];
    return envelope.messages;
  } catch {
    return [];
  }
}
