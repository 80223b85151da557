import type { HistoryItem } from '../run/state.ts';

const excerptCharacters = 240;
const summaryCharacters = 8_000;

/**
 * A summary that needs no model: the beginning of each message, and the names and beginnings of tool results, oldest first,
 * shortened from the middle when it is longer than `maxCharacters`.
 */
export function excerptHistory(items: readonly HistoryItem[], maxCharacters = summaryCharacters): string {
  const lines = items.map((item) => lineOf(item, excerptCharacters)).filter((line) => line !== '');
  const text = ['Excerpt of the earlier conversation:', ...lines].join('\n');
  if (text.length <= maxCharacters) return text;
  const half = Math.floor(maxCharacters / 2) - 4;
  return `${text.slice(0, half)}\n[...]\n${text.slice(-half)}`.toWellFormed();
}

/**
 * The messages before the boundary as plain text for a model that is asked to summarise them. A summary among them is kept whole, because
 * nothing else tells what it stands for; of the rest each message gets its share.
 */
export function transcribeHistory(items: readonly HistoryItem[], maxCharacters: number): string {
  const summaries = items.flatMap((item) => (item.role === 'summary' ? [item.text] : []));
  const rest = items.filter((item) => item.role !== 'summary');
  const room = Math.max(0, maxCharacters - summaries.join('\n\n').length);
  const share = Math.max(excerptCharacters, Math.floor(room / Math.max(1, rest.length)));
  const lines = rest.map((item) => lineOf(item, share)).filter((line) => line !== '');
  const said = lines.join('\n\n').slice(-room).toWellFormed();
  return [...summaries, ...(room > 0 ? [said] : [])].join('\n\n');
}

function lineOf(item: HistoryItem, max: number): string {
  switch (item.role) {
    case 'summary':
      return item.text;
    case 'notice':
      return '';
    case 'tool':
      return `Result of ${item.tool} (${item.outcome}): ${shorten(item.content, max)}`;
    case 'user':
      return `User: ${shorten(textOf(item.parts), max)}`;
    case 'assistant':
      return `Assistant: ${shorten(textOf(item.parts), max)}`;
  }
}

function textOf(
  parts: readonly {
    type: string;
    text?: string;
    tool?: string;
    arguments?: string;
    name?: string | undefined;
  }[],
): string {
  return parts
    .map((part) => {
      if (part.type === 'text') return part.text ?? '';
      if (part.type === 'tool-call') return `[calls ${part.tool ?? ''} with ${part.arguments ?? ''}]`;
      return part.type === 'file' ? `[file ${part.name ?? ''}]` : '';
    })
    .filter((text) => text !== '')
    .join(' ');
}

function shorten(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max)}…`;
}
