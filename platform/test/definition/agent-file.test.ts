import { expect, test } from 'vitest';
import { definitionHash } from '../../src/domain/definition/definition-hash.ts';
import { parseAgentFile } from '../../src/domain/definition/parse-agent-file.ts';

function parse(text: string | Uint8Array, file = 'agents/support.md') {
  const content = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  return parseAgentFile({ file, content });
}

function problemsOf(text: string | Uint8Array): string[] {
  const parsed = parse(text);
  return parsed.ok ? [] : parsed.problems.map(({ line, reason, hint }) => `${line}: ${reason}.${hint}`);
}

const sound = `---
name: support
description: Helps people.
model: [anthropic/claude-sonnet-5-5, offline/extractive]
tools: [http_fetch, agent:research]
limits: { turns: 5 }
---

You help.
`;

test('a sound file becomes a definition with its defaults', () => {
  const parsed = parse(sound);
  expect(parsed.ok && parsed.value.definition).toMatchObject({
    name: 'support',
    model: ['anthropic/claude-sonnet-5-5', 'offline/extractive'],
    tools: ['http_fetch', 'agent:research'],
    limits: { turns: 5, minutes: 10, parallel_tools: 8 },
    instructions: 'You help.',
  });
});

test('a folder gives its name to agent.md', () => {
  expect(parse(sound, 'agents/support/agent.md').ok).toBe(true);
});

test('line ends of Windows and a byte order mark change nothing', () => {
  const windows = parse(`\uFEFF${sound.replaceAll('\n', '\r\n')}`);
  const unix = parse(sound);
  expect(windows.ok && definitionHash(windows.value.definition)).toBe(
    unix.ok && definitionHash(unix.value.definition),
  );
});

test('three dashes in the body are part of the instructions', () => {
  const parsed = parse(`${sound}\n---\n\nMore.`);
  expect(parsed.ok && parsed.value.definition.instructions).toBe('You help.\n\n---\n\nMore.');
});

test.each([
  ['an unknown key', 'modle: a/b', '4: "modle" is not known here. Did you mean "model"?'],
  [
    'an unknown key inside',
    'limits:\n  turns: 3\n  minuts: 3',
    '6: "limits.minuts" is not known here. Did you mean "minutes"?',
  ],
  ['a value out of range', 'limits:\n  turns: 0', '5: "limits.turns" must be at least 1.'],
  ['a wrong type', 'limits: many', '4: "limits" must be an object, not "many".'],
  [
    'a model without provider',
    'model: gpt',
    '4: "model" must be provider/model, such as anthropic/claude-sonnet-5-5, not "gpt".',
  ],
  [
    'a bad item of a list',
    'tools:\n  - http_fetch\n  - "two words"',
    '6: "tools[1]" must be a tool name, agent:<name>, mcp:<server>/<tool> or openapi:<document>/<operation>, not "two words".',
  ],
  [
    'an unknown word',
    'memory: { recall: atuo }',
    '4: "memory.recall" must be auto or off, not "atuo". Did you mean "auto"?',
  ],
  [
    'broken YAML',
    'tools: [a, b',
    '4: not valid YAML: flow sequence in block collection must be sufficiently indented and end with a ].',
  ],
  ['a key twice', 'tools: []\ntools: []', '5: not valid YAML: map keys must be unique.'],
])('%s is named with its line', (_, extra, expected) => {
  const problems = problemsOf(`---\nname: support\ndescription: Helps.\n${extra}\n---\nYou help.`);
  expect(problems).toContain(expected);
});

test('all problems of a file are told in the order of lines', () => {
  const problems = problemsOf('---\nnam: support\nlimits: { turns: x }\n---\nYou help.');
  expect(problems.map((problem) => problem.slice(0, 2))).toEqual(['2:', '2:', '2:', '3:']);
});

test.each([
  ['', '1: the front matter is missing. Begin the file with a line "---", settings, and another line "---".'],
  [
    '# Support',
    '1: the front matter is missing. Begin the file with a line "---", settings, and another line "---".',
  ],
  ['---\nname: support\n', '1: the front matter has no end. Close it with a line "---".'],
  [
    '---\nname: suport\ndescription: x\n---\nHi',
    '2: the name "suport" is not the file\'s. Write "name: support", or rename the file.',
  ],
  [
    '---\nname: support\ndescription: x\n---\n  \n',
    '5: the instructions are missing. Write after the front matter what the agent is and how it works.',
  ],
  ['---\n- a\n---\nHi', '2: the whole must be an object, not ["a"].'],
])('%j is refused', (text, expected) => {
  expect(problemsOf(text)).toEqual([expected]);
});

test('bytes that are no UTF-8 are refused', () => {
  expect(problemsOf(Uint8Array.from([0x2d, 0xff, 0xfe]))).toEqual(['1: the file is not UTF-8 text.']);
});

test('a file over 256 kB is refused', () => {
  expect(problemsOf(sound + 'x'.repeat(256 * 1024))).toEqual(['1: the file is larger than 256 kB.']);
});

test('an alias bomb is refused quickly', () => {
  const levels = Array.from(
    { length: 9 },
    (_, level) => `l${level + 1}: &l${level + 1} [${`*l${level},`.repeat(9)}]`,
  );
  const [problem] = problemsOf(`---\nl0: &l0 [x]\n${levels.join('\n')}\n---\nHi`);
  expect(problem).toMatch(/not usable YAML: excessive alias count/i);
});

test('the hash does not depend on the order of keys', () => {
  const left = parse('---\nname: support\ndescription: x\ntools: [a]\n---\nHi');
  const right = parse('---\ntools: [a]\ndescription: x\nname: support\n---\nHi');
  expect(left.ok && definitionHash(left.value.definition)).toMatch(/^[0-9a-f]{64}$/);
  expect(left.ok && definitionHash(left.value.definition)).toBe(
    right.ok && definitionHash(right.value.definition),
  );
});

test('the hash changes with the instructions', () => {
  const left = parse(sound);
  const right = parse(sound.replace('You help.', 'You help!'));
  expect(left.ok && definitionHash(left.value.definition)).not.toBe(
    right.ok && definitionHash(right.value.definition),
  );
});
