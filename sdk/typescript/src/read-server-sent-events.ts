/** What a stream of server-sent events carries. A comment shows only that the server lives. */
export type ServerSentItem =
  | { type: 'event'; id: string; event: string; data: string }
  | { type: 'retry'; ms: number }
  | { type: 'comment' };

interface Fields {
  id: string;
  event: string;
  data: string | undefined;
}

/** Reads server-sent events from bytes, however they were cut into pieces. An event that was not ended is dropped. */
export async function* readServerSentEvents(body: AsyncIterable<Uint8Array>): AsyncGenerator<ServerSentItem> {
  const fields: Fields = { id: '', event: '', data: undefined };
  for await (const line of readLines(body)) {
    const item = line === '' ? endEvent(fields) : readField(fields, line);
    if (item !== undefined) yield item;
  }
}

async function* readLines(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const piece of body) {
    rest += decoder.decode(piece, { stream: true });
    // A carriage return at the end may be the first half of a line end.
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    yield* lines;
  }
}

function endEvent(fields: Fields): ServerSentItem | undefined {
  const { id, event, data } = fields;
  fields.event = '';
  fields.data = undefined;
  return data === undefined ? undefined : { type: 'event', id, event, data };
}

function readField(fields: Fields, line: string): ServerSentItem | undefined {
  const colon = line.indexOf(':');
  if (colon === 0) return { type: 'comment' };
  const name = colon === -1 ? line : line.slice(0, colon);
  const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
  if (name === 'id') fields.id = value;
  else if (name === 'event') fields.event = value;
  else if (name === 'data') fields.data = fields.data === undefined ? value : `${fields.data}\n${value}`;
  else if (name === 'retry' && /^\d+$/.test(value)) return { type: 'retry', ms: Number(value) };
  return undefined;
}
