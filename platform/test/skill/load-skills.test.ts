import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { agentText, SkillProject, skillText } from './skill-project.ts';

const agent = agentText('support', '[refunds]');

test('an agent is told of its skills by name and description only, and has the tools that load them', async () => {
  using project = new SkillProject({
    'agents/support.md': agent,
    'skills/refunds/SKILL.md': skillText('refunds'),
  });
  const { agents, problems, skills } = await project.load();
  expect(problems).toEqual([]);
  const definition = agents.find('support')?.definition;
  expect(definition?.instructions).toContain('- refunds: Does refunds.');
  expect(definition?.instructions).not.toContain('step by step');
  expect(definition?.tools).toEqual(['load_skill', 'read_skill_file']);
  expect(skills.skillsOf('support')[0]?.body).toBe('Do refunds step by step.');
});

test('an agent without skills keeps the definition and the hash that it had', async () => {
  const plain = '---\nname: plain\ndescription: Helps.\n---\n\nYou help.\n';
  using without = new SkillProject({ 'agents/plain.md': plain });
  using beside = new SkillProject({
    'agents/plain.md': plain,
    'skills/refunds/SKILL.md': skillText('refunds'),
  });
  const hashes = [without, beside].map(async (project) => (await project.load()).agents.find('plain')?.hash);
  const [first, second] = await Promise.all(hashes);
  expect(first).toBe(second);
});

test.each([
  ['its text', 'skills/refunds/SKILL.md', `${skillText('refunds')}\nAnd once more.`],
  ['one of its files', 'skills/refunds/references/limits.md', 'At most 200.'],
  ['a further file', 'skills/refunds/scripts/pay.py', 'print(1)'],
])('a skill that changes in %s changes the hash of its agent', async (_, file, content) => {
  using project = new SkillProject({
    'agents/support.md': agent,
    'skills/refunds/SKILL.md': skillText('refunds'),
    'skills/refunds/references/limits.md': 'At most 100.',
  });
  const before = (await project.load()).agents.find('support')?.hash;
  project.write(file, content);
  expect((await project.load()).agents.find('support')?.hash).not.toBe(before);
});

test.each([
  [
    'an unknown skill',
    agentText('support', '[refund]'),
    'agents/support.md:4: there is no skill "refund". Did you mean "refunds"?',
  ],
  [
    'a skill that is not sound',
    agentText('support', '[broken]'),
    'agents/support.md:4: there is no skill "broken". .agents/skills/broken/SKILL.md:2: the name "other" is not the folder\'s.',
  ],
  ['a malformed name', agentText('support', '[Refunds!]'), 'agents/support.md:4: "skills[0]" must be'],
])('%s is told with its place', async (_, text, expected) => {
  using project = new SkillProject({
    'agents/support.md': text,
    'skills/refunds/SKILL.md': skillText('refunds'),
    '.agents/skills/broken/SKILL.md': skillText('other'),
  });
  expect((await project.problems())[0]).toContain(expected);
});

test.each([
  [
    'another name',
    skillText('other'),
    ':2: the name "other" is not the folder\'s. Write "name: refunds", or rename the folder.',
  ],
  [
    'a misspelt key',
    skillText('refunds', 'licence: MIT\n'),
    ':4: "licence" is not known here. Did you mean "license"?',
  ],
  [
    'a missing description',
    '---\nname: refunds\n---\n\nDo.',
    ':2: "description" is missing: it must be a text.',
  ],
  [
    'a long description',
    skillText('refunds', '').replace('Does', 'x'.repeat(1100)),
    ':3: "description" must be at most 1024 characters long.',
  ],
  ['no text', '---\nname: refunds\ndescription: Does.\n---\n', ':5: the instructions are missing.'],
  ['no front matter', 'Do it.', ':1: the front matter is missing.'],
  ['metadata that is a list', skillText('refunds', 'metadata: [a]\n'), ':4: "metadata" must be an object'],
])('a skill with %s is refused with the line', async (_, text, expected) => {
  using project = new SkillProject({ 'skills/refunds/SKILL.md': text });
  expect((await project.problems())[0]).toContain(`skills/refunds/SKILL.md${expected}`);
});

test('keys of other programs are let be, and what coding agents have installed breaks nothing', async () => {
  using project = new SkillProject({
    'skills/refunds/SKILL.md': skillText('refunds', 'user-invocable: true\nargument-hint: "[id]"\n'),
    '.agents/skills/theirs/SKILL.md': 'no front matter',
  });
  expect(await project.problems()).toEqual([]);
});

test('an agent sees its own skill before that of the project, and nobody sees those of another', async () => {
  using project = new SkillProject({
    'agents/support/agent.md': agentText('support', '["*"]'),
    'agents/support/skills/refunds/SKILL.md': skillText('refunds').replace('step by step', 'as support'),
    'agents/other.md': agentText('other', '["*"]'),
    'skills/refunds/SKILL.md': skillText('refunds'),
    'agents/support/skills/own/SKILL.md': skillText('own'),
    '.agents/skills/shared/SKILL.md': skillText('shared'),
  });
  const { skills } = await project.load();
  const seen = (name: string) => skills.skillsOf(name).map((skill) => [skill.name, skill.folder]);
  expect(seen('support')).toEqual([
    ['own', 'agents/support/skills/own'],
    ['refunds', 'agents/support/skills/refunds'],
    ['shared', '.agents/skills/shared'],
  ]);
  expect(seen('other').map(([name]) => name)).toEqual(['refunds', 'shared']);
});

test('sixty skills take up 2,000 tokens of the instructions at most', async () => {
  const long = 'A very long description of what it does. '.repeat(20);
  const names = Array.from({ length: 60 }, (_, index) => `skill-${index}`);
  const files = names.map((name) => [
    `skills/${name}/SKILL.md`,
    skillText(name).replace(`Does ${name}.`, long),
  ]);
  using project = new SkillProject({
    'agents/support.md': agentText('support', '["*"]'),
    ...Object.fromEntries(files),
  });
  const { agents } = await project.load();
  const { instructions = '' } = agents.find('support')?.definition ?? {};
  expect(instructions).toContain('- skill-59: A very long description');
  expect(instructions.length).toBeLessThan(8_600);
});

test('a link in a skill is not one of its files, and a file that becomes one is not read', async () => {
  using project = new SkillProject({
    'agents/support.md': agent,
    'skills/refunds/SKILL.md': skillText('refunds'),
    'skills/refunds/a.md': 'a',
  });
  symlinkSync('/etc/passwd', join(project.folder, 'skills/refunds/passwd'));
  const { skills } = await project.load();
  const [skill] = skills.skillsOf('support');
  expect(skill?.files.map(({ path }) => path)).toEqual(['a.md']);
  expect(await skills.readFile(skill!, '../../agents/support.md')).toBeUndefined();
  project.write('skills/refunds/a.md', 'changed');
  await expect(skills.readFile(skill!, 'a.md')).rejects.toThrow('has changed since');
});
