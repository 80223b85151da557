import { BatutaError } from '@batuta/contract';
import { z } from 'zod';
import type { Skill, SkillLibrary } from '../../port/skill-library.ts';
import { defineTool, type DefinedTool } from '../../port/tool-definition.ts';
import type { ToolContext } from '../../port/tool.ts';

/** Longest piece of a file that one answer carries, in characters. */
const longestPiece = 24_000;

/** What the tools need. */
export interface SkillToolParts {
  library: () => SkillLibrary;
  /**
   * Puts a skill's files into the workspace of the session, for an agent that can run commands, and gives the folder there; null: it
   * cannot, or there is no workspace.
   */
  unpack: (skill: Skill, context: ToolContext) => Promise<string | null>;
}

/** The tools by which agents use their skills. They change nothing outside of the workspace of the session. */
export function makeSkillTools(parts: SkillToolParts): DefinedTool[] {
  return [loadSkillTool(parts), readSkillFileTool(parts)];
}

function loadSkillTool(parts: SkillToolParts): DefinedTool {
  return defineTool({
    name: 'load_skill',
    description:
      'Loads a skill: instructions for a certain task. Call it before you begin a task that fits the description of one of your skills.',
    input: z.strictObject({
      name: z.string().max(64).describe('Name of the skill, as your instructions list it.'),
    }),
    annotations: { readOnly: true, openWorld: false, idempotent: true },
    execute: async ({ name }, context) => {
      const skill = findSkill(parts, context, name);
      const place = skill.files.length === 0 ? null : await parts.unpack(skill, context);
      return [skill.body, ...describeFiles(skill, place)].join('\n\n');
    },
  });
}

function readSkillFileTool(parts: SkillToolParts): DefinedTool {
  return defineTool({
    name: 'read_skill_file',
    description: 'Reads a text file of a skill that you have loaded, such as a reference or a template.',
    input: z.strictObject({
      name: z.string().max(64).describe('Name of the skill.'),
      path: z.string().max(512).describe('Path of the file, as load_skill lists it.'),
      offset: z.int().min(0).default(0).describe('Character to begin at.'),
    }),
    annotations: { readOnly: true, openWorld: false, idempotent: true },
    execute: async ({ name, path, offset }, context) => {
      const skill = findSkill(parts, context, name);
      const content = await parts.library().readFile(skill, path.replace(/^\.\//, ''));
      if (content === undefined) throw failed(unknownFile(skill, path));
      const text = decode(path, content);
      const piece = text.slice(offset, offset + longestPiece);
      const end = offset + piece.length;
      return end < text.length
        ? `${piece}\n\n[${text.length - end} more characters from offset ${end}]`
        : piece;
    },
  });
}

function findSkill({ library }: SkillToolParts, { agent }: ToolContext, name: string): Skill {
  const skills = library().skillsOf(agent);
  const found = skills.find((skill) => skill.name === name);
  if (found) return found;
  const known = skills.map((skill) => skill.name).join(', ');
  throw failed(
    known === ''
      ? 'this agent has no skills'
      : `there is no skill "${name.slice(0, 64)}"; there are: ${known}`,
  );
}

function describeFiles(skill: Skill, place: string | null): string[] {
  if (skill.files.length === 0) return [];
  const lines = skill.files.map(({ path, bytes }) => `- ${path} (${bytes} bytes)`);
  const where =
    place === null
      ? 'Files of this skill, for read_skill_file:'
      : `Files of this skill. Commands find them in the workspace under ${place}/; read_skill_file reads them:`;
  return [[where, ...lines].join('\n')];
}

function unknownFile({ name, files }: Skill, path: string): string {
  const known = files.map((file) => file.path).join(', ');
  const shown = path.slice(0, 128);
  return known === '' ? `the skill ${name} has no files` : `${name} has no file "${shown}"; it has: ${known}`;
}

function decode(path: string, content: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch (error) {
    throw failed(`${path.slice(0, 128)} is not a text`, error);
  }
}

function failed(reason: string, cause?: unknown): BatutaError<'tool-failed'> {
  return new BatutaError('tool-failed', { tool: 'load_skill', reason }, { cause });
}
