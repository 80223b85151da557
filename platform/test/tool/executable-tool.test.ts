import { BatutaError } from '@batuta/contract';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { makeExecutableTool } from '../../src/domain/tool/executable-tool.ts';
import { defineTool, isDefinedTool, type ToolDefinition } from '../../src/port/tool-definition.ts';
import { textOf, toolContext } from './tool-context.ts';

const lookUp = defineTool({
  name: 'look_up',
  description: 'Looks up a customer.',
  input: z.strictObject({
    customer: z.string().min(3).describe('Number of the customer.'),
    since: z
      .string()
      .transform((text) => new Date(text))
      .optional(),
    kind: z.enum(['open', 'closed']).default('open'),
  }),
  execute: ({ customer, since, kind }) => ({ customer, kind, year: since?.getUTCFullYear() ?? null }),
});

function withChange(change: object): ToolDefinition {
  return { ...lookUp, ...change };
}

function errorOf(action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    return error;
  }
}

test('a definition is recognised by its mark', () => {
  expect(isDefinedTool(lookUp)).toBe(true);
  expect(isDefinedTool({ name: 'x' })).toBe(false);
});

test('the JSON Schema describes what the model must send', () => {
  const { inputSchema } = makeExecutableTool(lookUp, 60);
  expect(inputSchema).toMatchObject({
    type: 'object',
    required: ['customer'],
    properties: { customer: { type: 'string', description: 'Number of the customer.' } },
  });
  expect(inputSchema).not.toHaveProperty('$schema');
});

test('execute receives what the schema makes of the arguments and answers as text', async () => {
  const tool = makeExecutableTool(lookUp, 60);
  const text = textOf(await tool.execute({ customer: 'abc', since: '2024-05-05' }, toolContext()));
  expect(JSON.parse(text)).toEqual({ customer: 'abc', kind: 'open', year: 2024 });
});

test('a text is answered as it is, nothing as "done"', async () => {
  const text = makeExecutableTool(withChange({ execute: () => 'plain "text"' }), 60);
  const nothing = makeExecutableTool(withChange({ execute: () => undefined }), 60);
  expect(await text.execute({ customer: 'abc' }, toolContext())).toBe('plain "text"');
  expect(await nothing.execute({ customer: 'abc' }, toolContext())).toBe('done');
});

test.each([
  [{}, '"customer" is missing: it must be a text'],
  [{ customer: 7 }, '"customer" must be a text, not 7'],
  [{ customer: 'ab' }, '"customer" must be at least 3 characters long'],
  [{ customer: 'abc', kind: 'opne' }, '"kind" must be open or closed, not "opne" (did you mean "open"?)'],
  [{ costumer: 'abc' }, '"costumer" is not known here (did you mean "customer"?)'],
])('arguments %j are answered in words a model can act on', (value, summary) => {
  const parsed = makeExecutableTool(lookUp, 60).parse(value);
  expect(!parsed.ok && parsed.summary).toContain(summary);
});

test('a schema that cannot be checked at once is an answer, not a throw', () => {
  const input = z.object({ a: z.string().refine(async () => false) });
  expect(makeExecutableTool(withChange({ input }), 60).parse({ a: 'x' })).toMatchObject({ ok: false });
});

test('what is not said of a tool is assumed to be the worst', () => {
  expect(makeExecutableTool(lookUp, 60)).toMatchObject({
    timeoutMs: 60_000,
    annotations: { readOnly: false, destructive: true, idempotent: false, openWorld: true },
  });
});

test('a read-only tool destroys nothing and may be repeated', () => {
  const tool = makeExecutableTool(withChange({ annotations: { readOnly: true }, timeoutSeconds: 5 }), 60);
  expect(tool).toMatchObject({
    timeoutMs: 5000,
    annotations: { readOnly: true, destructive: false, idempotent: true },
  });
});

test.each([
  [{ name: 'has space' }, /"name" must be 1 to 64 letters/],
  [{ description: ' ' }, /"description" must be at least 1 characters long/],
  [{ input: {} }, /"input" must be a zod schema/],
  [{ input: z.string() }, /must be an object: z\.object/],
  [{ input: z.object({ at: z.date() }) }, /cannot be said in JSON Schema/],
  [{ execute: 'x' }, /"execute" must be a function/],
  [{ timeoutSeconds: -1 }, /"timeoutSeconds" must be at least/],
  [{ annotations: { readonly: true } }, /did you mean "readOnly"/],
])('a definition with %j is refused', (change, message) => {
  const error = errorOf(() => makeExecutableTool(withChange(change), 60));
  expect(BatutaError.has(error, 'tool-definition-invalid') && error.message).toMatch(message);
});
