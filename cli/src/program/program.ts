import { Command, type OutputConfiguration } from 'commander';
import type { Translate } from '../text/language.ts';
import { addAccessCommands } from './access-commands.ts';
import { addAuditCommands } from './audit-commands.ts';
import { addAuthorizationCommands } from './authorization-commands.ts';
import { addBudgetCommands } from './budget-commands.ts';
import { addCostCommands } from './cost-commands.ts';
import { addLimitCommands } from './limit-commands.ts';
import { addLookCommands } from './look-commands.ts';
import type { ProgramParts } from './parts.ts';
import { addPolicyCommands } from './policy-commands.ts';
import { addScheduleCommands } from './schedule-commands.ts';
import { addSecretCommands } from './secret-commands.ts';
import { addServerCommands } from './server-commands.ts';
import { addBrowserCommands } from './browser-commands.ts';
import { addSkillCommands } from './skill-commands.ts';
import { addTalkCommands } from './talk-commands.ts';
import { addToolCommands } from './tool-commands.ts';
import { addWebhookCommands } from './webhook-commands.ts';

/** The whole command line as commander knows it. Nothing of a command is loaded before it is performed. */
export function buildProgram(
  parts: ProgramParts,
  surroundings: { version: string; output?: OutputConfiguration },
): Command {
  const { say } = parts;
  const program = new Command('batuta')
    .exitOverride()
    .configureOutput(surroundings.output ?? {})
    .description(say('help.program'))
    .version(surroundings.version, '-V, --version', say('help.version'))
    .option('--project <folder>', say('help.project'))
    .option('--url <url>', say('help.url'))
    .option('--key <key>', say('help.key'))
    .option('--json', say('help.json'))
    .option('--no-color', say('help.noColor'));
  inLanguage(program, say);
  addServerCommands(program, parts);
  addTalkCommands(program, parts);
  addLookCommands(program, parts);
  addAccessCommands(program, parts);
  addToolCommands(program, parts);
  addSkillCommands(program, parts);
  addBrowserCommands(program, parts);
  addLimitCommands(program, parts);
  addPolicyCommands(program, parts);
  addAuditCommands(program, parts);
  addSecretCommands(program, parts);
  addAuthorizationCommands(program, parts);
  addCostCommands(program, parts);
  addBudgetCommands(program, parts);
  addScheduleCommands(program, parts);
  addWebhookCommands(program, parts);
  return program;
}

function inLanguage(program: Command, say: Translate): void {
  const titles: Readonly<Record<string, string>> = {
    'Usage:': say('help.usage'),
    'Arguments:': say('help.arguments'),
    'Options:': say('help.options'),
    'Global Options:': say('help.globalOptions'),
    'Commands:': say('help.commands'),
  };
  program.helpOption('-h, --help', say('help.help')).helpCommand(false);
  program.configureHelp({ showGlobalOptions: true, styleTitle: (title) => titles[title] ?? title });
}
