import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDeltaMerger } from '../../src/adapter/model-specification/merge-deltas.ts';

const chat = (delta: unknown, finish: string | null = null) =>
  `data: ${JSON.stringify({ id: 'c', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
const messages = (delta: unknown, index = 0) =>
  `event: content_block_delta\ndata: ${JSON.stringify({ type: 'content_block_delta', index, delta })}\n\n`;
const responses = (type: string, delta: string, sequence: number) =>
  `event: ${type}\ndata: ${JSON.stringify({ type, item_id: 'm', sequence_number: sequence, delta })}\n\n`;
const call = (index: number, name: string, args: string) => ({
  index,
  id: `${index}${name}`,
  function: { name, arguments: args },
});
const rest = (index: number, args: string) => ({ index, function: { arguments: args } });

function merge(...chunks: (string | Uint8Array)[]): string {
  const merger = createDeltaMerger();
  const pieces = chunks.map((chunk) => merger.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk));
  return Buffer.concat([...pieces, merger.end()]).toString('utf8');
}

/** All that a client could read from a stream of deltas. */
function readTexts(stream: string): string {
  return stream
    .split('\n\n')
    .flatMap((event) => /"(?:content|text|arguments)":("(?:[^"\\]|\\.)*")/.exec(event)?.[1] ?? [])
    .map((literal): string => JSON.parse(literal))
    .join('');
}

describe('deltas that arrive together', () => {
  it.each([
    [
      'chat',
      chat({ role: 'assistant', content: '' }) + chat({ content: 'a' }) + chat({ content: 'b"\n' }),
      chat({ role: 'assistant', content: 'ab"\n' }),
    ],
    [
      'messages',
      messages({ type: 'text_delta', text: 'a' }) + messages({ type: 'text_delta', text: 'b' }),
      messages({ type: 'text_delta', text: 'ab' }),
    ],
    [
      'arguments',
      messages({ type: 'input_json_delta', partial_json: '{"a"' }) +
        messages({ type: 'input_json_delta', partial_json: ':1}' }),
      messages({ type: 'input_json_delta', partial_json: '{"a":1}' }),
    ],
    [
      'responses',
      responses('response.output_text.delta', 'a', 4) + responses('response.output_text.delta', 'b', 5),
      responses('response.output_text.delta', 'ab', 4),
    ],
    [
      'thoughts, text and the end',
      chat({ reasoning_content: 'a' }) + chat({ content: 'b' }) + chat({ content: 'c' }) + chat({}, 'stop'),
      chat({ reasoning_content: 'a', content: 'bc' }, 'stop'),
    ],
    [
      'the pieces of calls',
      chat({ role: 'assistant', content: null }) +
        chat({ tool_calls: [call(0, 'f', '')] }) +
        chat({ tool_calls: [rest(0, '{"a"')] }) +
        chat({ tool_calls: [rest(0, ':1}')] }) +
        chat({}, 'tool_calls'),
      chat({ role: 'assistant', content: null, tool_calls: [call(0, 'f', '')] }) +
        chat({ tool_calls: [rest(0, '{"a":1}')] }, 'tool_calls'),
    ],
    [
      'calls that come whole',
      chat({ tool_calls: [call(0, 'f', '{}')] }) + chat({ tool_calls: [call(1, 'g', '{}')] }),
      chat({ tool_calls: [call(0, 'f', '{}'), call(1, 'g', '{}')] }),
    ],
    [
      'the end and its usage',
      `data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":null}\n\n` +
        `data: {"choices":[],"usage":{"prompt_tokens":1}}\n\n`,
      `data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":1}}\n\n`,
    ],
  ])('become one: %s', (_, sent, merged) => {
    expect(merge(sent)).toBe(merged);
  });

  it.each([
    [
      'different blocks',
      messages({ type: 'text_delta', text: 'a' }, 0) + messages({ type: 'text_delta', text: 'b' }, 1),
    ],
    ['text and thoughts', chat({ content: 'a' }) + chat({ reasoning_content: 'b' })],
    ['what follows the end', chat({ content: 'a' }, 'stop') + chat({ content: 'b' })],
    ['what is not known', chat({ content: 'a' }) + chat({ refusal: 'no' })],
    [
      'a signature',
      messages({ type: 'thinking_delta', thinking: 'a' }) +
        messages({ type: 'signature_delta', signature: 's' }),
    ],
    [
      'two calls under one number',
      chat({ tool_calls: [call(0, 'f', '{}')] }) + chat({ tool_calls: [call(0, 'g', '{}')] }),
    ],
    ['other choices', chat({ content: 'a' }) + chat({ content: 'b' }).replace('"index":0', '"index":1')],
    ['comments and other events', ': ping\n\nevent: ping\ndata: {"type":"ping"}\n\ndata: [DONE]\n\n'],
  ])('are kept apart: %s', (_, sent) => {
    expect(merge(sent)).toBe(sent);
  });

  it('carry the same text whatever it is, also where other fields look like it', () => {
    const piece = fc.record({
      id: fc.constantFrom('m', 'content', 'a"'),
      content: fc.oneof(fc.constantFrom('m', 'content', '"', '\\', 'é', ''), fc.string()),
      spaced: fc.boolean(),
    });
    const write = ({ id, content, spaced }: { id: string; content: string; spaced: boolean }) => {
      const json = JSON.stringify({ id, choices: [{ index: 0, delta: { content }, finish_reason: null }] });
      return `data: ${spaced ? json.replace('"content":', '"content": ') : json}\n\n`;
    };
    const contents = (stream: string) =>
      stream
        .split('\n\n')
        .filter((event) => event !== '')
        .map((event): string => JSON.parse(event.slice('data: '.length)).choices[0].delta.content)
        .join('');
    const property = fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const sent = pieces.map(write).join('');
      return contents(merge(sent)) === pieces.map(({ content }) => content).join('');
    });
    expect(fc.check(property, { numRuns: 2000 }).failed).toBe(false);
  });

  it('carry the same text wherever the network cuts the bytes', () => {
    const bytes = Buffer.from(
      ['Olá ', 'mundo 🌍', '"\\\n', '', 'fim'].map((content) => chat({ content })).join(''),
    );
    const cuts = fc.uniqueArray(fc.integer({ min: 0, max: bytes.length }), { maxLength: 8 });
    const property = fc.property(cuts, (places) => {
      const edges = [0, ...places.toSorted((one, other) => one - other), bytes.length];
      const chunks = edges.slice(1).map((end, index) => bytes.subarray(edges[index], end));
      return readTexts(merge(...chunks)) === readTexts(bytes.toString('utf8'));
    });
    expect(fc.check(property, { numRuns: 500 }).failed).toBe(false);
  });
});

it('holds back nothing but an incomplete event', () => {
  const merger = createDeltaMerger();
  const event = chat({ content: 'a' });
  expect(Buffer.from(merger.push(Buffer.from(event))).toString()).toBe(event);
  expect(merger.push(Buffer.from(event.slice(0, 20)))).toHaveLength(0);
  expect(Buffer.from(merger.push(Buffer.from(event.slice(20)))).toString()).toBe(event);
});

it('passes streams with other line ends on as they are', () => {
  const sent = chat({ content: 'a' }).replaceAll('\n', '\r\n').repeat(2);
  expect(merge(sent.slice(0, 30), sent.slice(30))).toBe(sent);
});

it('makes damaged bytes data that no parser takes', () => {
  expect(merge(chat({ content: 'a' }), Buffer.from([0, 255, 254]), chat({ content: 'b' }))).toBe(
    `${chat({ content: 'a' })}data: damaged bytes\n\n`,
  );
});
