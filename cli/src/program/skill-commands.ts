import type { Command } from 'commander';
import { addCommand, type ProgramParts } from './parts.ts';

/** mcp, skills. */
export function addSkillCommands(program: Command, { say, perform }: ProgramParts): void {
  addCommand(program, { name: 'mcp', description: say('help.mcp') }, say).action(
    (_options: unknown, command: Command) =>
      perform(command, async (context) => (await import('../command/mcp.ts')).serveMcp(context)),
  );
  addCommand(program, { name: 'skills', description: say('help.skills') }, say).action(
    (_options: unknown, command: Command) =>
      perform(command, async (context) => (await import('../command/skills.ts')).listSkills(context)),
  );
}
