import type { AgentSkill } from '@batuta/contract';

/** Characters that all descriptions of an agent's skills together may take up in its instructions: about 2,000 tokens. */
const mostCharacters = 8_000;
const shortest = 60;

/** What an agent is told of its skills: their names and what they are for. The rest is loaded when it is needed. */
export function skillSection(skills: readonly Pick<AgentSkill, 'name' | 'description'>[]): string {
  const share = Math.max(shortest, Math.floor(mostCharacters / Math.max(1, skills.length)));
  const lines = skills.map(
    ({ name, description }) => `- ${name}: ${shorten(description, share - name.length)}`,
  );
  return [
    '## Skills',
    '',
    'Skills are instructions for certain tasks. When a task fits the description of one, call load_skill with its name first, then do as it says.',
    '',
    ...lines,
  ].join('\n');
}

function shorten(description: string, length: number): string {
  const line = description.replaceAll(/\s+/g, ' ');
  return line.length <= length ? line : `${line.slice(0, Math.max(1, length - 1)).trimEnd()}…`;
}
