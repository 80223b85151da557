import type { AssistantPart } from '@batuta/contract';
import type { StreamFrame } from './stream-frame.ts';

/** The text of one message of a model. */
export interface MessageText {
  messageId: string;
  text: string;
  /** The message is in the log: its text does not change any more. */
  isSettled: boolean;
}

/**
 * The texts of the messages after one more frame; begin with `[]`. It changes nothing that it is given. What it makes is the
 * same whatever the number of connections over which the frames came.
 */
export function assembleText(messages: readonly MessageText[], frame: StreamFrame): readonly MessageText[] {
  switch (frame.type) {
    case 'text-delta': {
      const { message_id: messageId, offset, text } = frame.delta;
      const known = messages.find((message) => message.messageId === messageId)?.text ?? '';
      return put(messages, { messageId, text: known.slice(0, offset) + text, isSettled: false });
    }
    case 'message-reset':
      return messages.filter(({ messageId }) => messageId !== frame.reset.message_id);
    case 'event': {
      if (frame.event.kind !== 'model-call-settled') return messages;
      const { message_id: messageId, parts } = frame.event.data;
      return put(messages, { messageId, text: textOf(parts), isSettled: true });
    }
  }
}

function put(messages: readonly MessageText[], message: MessageText): readonly MessageText[] {
  const place = messages.findIndex(({ messageId }) => messageId === message.messageId);
  return place === -1 ? [...messages, message] : messages.with(place, message);
}

function textOf(parts: readonly AssistantPart[]): string {
  return parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
}
