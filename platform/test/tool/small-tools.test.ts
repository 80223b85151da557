import { expect, test } from 'vitest';
import { currentTimeTool } from '../../src/adapter/tool-builtin/current-time.ts';
import { readArtifactTool } from '../../src/adapter/tool-builtin/read-artifact.ts';
import { makeExecutableTool } from '../../src/domain/tool/executable-tool.ts';
import { textOf, toolContext } from './tool-context.ts';

const currentTime = makeExecutableTool(currentTimeTool, 60);
const readArtifact = makeExecutableTool(readArtifactTool, 60);
const id = 'art_06aqn3zk5s7d1v2w8x9y0z1a2b';

test.each([
  [{}, '2026-11-21T10:00:00+00:00\nSaturday, 21 November 2026 at 10:00 (UTC)'],
  [
    { time_zone: 'Europe/Madrid' },
    '2026-11-21T11:00:00+01:00\nSaturday, 21 November 2026 at 11:00 (Europe/Madrid)',
  ],
  [
    { time_zone: 'America/Sao_Paulo' },
    '2026-11-21T07:00:00-03:00\nSaturday, 21 November 2026 at 07:00 (America/Sao_Paulo)',
  ],
  [
    { time_zone: 'Asia/Kolkata' },
    '2026-11-21T15:30:00+05:30\nSaturday, 21 November 2026 at 15:30 (Asia/Kolkata)',
  ],
])('the time with %j', async (input, expected) => {
  expect(await currentTime.execute(input, toolContext())).toBe(expected);
});

test('midnight is 00, not 24', async () => {
  const now = () => Date.parse('2027-01-01T00:00:00Z');
  expect(await currentTime.execute({}, toolContext({ now }))).toContain('2027-01-01T00:00:00+00:00');
});

test('an unknown time zone is told', async () => {
  const asked = currentTime.execute({ time_zone: 'Europe/Nowhere' }, toolContext());
  await expect(asked).rejects.toThrow('there is no time zone "Europe/Nowhere"; use an IANA name');
});

function holding(content: Uint8Array, mediaType = 'text/plain') {
  return toolContext({
    readArtifact: async (wanted, { offset, length }) =>
      wanted === id
        ? { mediaType, bytes: content.byteLength, content: content.subarray(offset, offset + length) }
        : undefined,
  });
}

const text = new TextEncoder().encode('añb😀cd');

test.each([
  [{}, 'characters 0 to 7 of 7; this is the end\n\nañb😀cd'],
  [{ length: 2 }, 'characters 0 to 2 of 7; next piece at offset 2\n\nañ'],
  [{ offset: 2, length: 2 }, 'characters 2 to 5 of 7; next piece at offset 5\n\nb😀'],
  [{ offset: 5, length: 9 }, 'characters 5 to 7 of 7; this is the end\n\ncd'],
  [{ offset: 7 }, 'characters 7 to 7 of 7; this is the end\n\n'],
])('pieces of a text with %j', async (range, expected) => {
  expect(await readArtifact.execute({ id, ...range }, holding(text))).toBe(`${id}: ${expected}`);
});

test('pieces put together are the whole', async () => {
  const whole = '😀ñx'.repeat(500);
  const context = holding(new TextEncoder().encode(whole));
  let read = '';
  for (let offset = 0; offset < whole.length; offset = read.length) {
    const piece = textOf(await readArtifact.execute({ id, offset, length: 7 }, context));
    read += piece.slice(piece.indexOf('\n\n') + 2);
  }
  expect(read).toBe(whole);
});

test.each([
  [
    { id: 'art_06aqn3zk5s7d1v2w8x9y0z1a2c' },
    holding(text),
    'There is no artifact "art_06aqn3zk5s7d1v2w8x9y0z1a2c".',
  ],
  [{ id, offset: 8 }, holding(text), 'has only 7 characters, so it cannot be read from 8'],
  [{ id }, holding(Uint8Array.from([0xff, 0xd8]), 'image/jpeg'), 'is image/jpeg, not a text'],
])('%j is refused', async (input, context, message) => {
  await expect(readArtifact.execute(input, context)).rejects.toThrow(message);
});

test('arguments out of range are told', () => {
  expect(readArtifact.parse({ id: 'x' })).toMatchObject({
    ok: false,
    summary: expect.stringContaining('must be a artifact id') as string,
  });
  expect(readArtifact.parse({ id, length: 12_001 })).toMatchObject({ ok: false });
});
