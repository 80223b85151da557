import { BatutaError } from '@batuta/contract';
import { z } from 'zod';
import type { SandboxCommand, SandboxTemplate } from '../../port/sandbox.ts';
import { defineTool, type DefinedTool, type MarkedOutput } from '../../port/tool-definition.ts';
import type { ToolAnnotations, ToolContext } from '../../port/tool.ts';
import { CommandOutput, describeEnd } from './command-output.ts';
import { inTurn } from './in-turn.ts';
import type { SandboxTools } from './sandbox-tools.ts';

const longestScript = 100_000;
const directory = z.string().max(4096).optional().describe('Folder to start in, relative to the workspace.');
const argumentsField = z.array(z.string().max(100_000)).max(1_000);

/** The tools that run something: `shell`, `run_python`, `run_node`. */
export function commandTools(parts: SandboxTools): DefinedTool[] {
  return [shellTool(parts), pythonTool(parts), nodeTool(parts)];
}

function shellTool(parts: SandboxTools): DefinedTool {
  return defineTool({
    name: 'shell',
    description: `Runs a command in the workspace of this conversation and gives its output and exit code. Give either "script", which sh runs (pipes, loops, several commands), or "command", a list of a program and its arguments, passed on as they are. ${surroundings(parts)}`,
    input: z
      .strictObject({
        script: z.string().min(1).max(longestScript).optional().describe('A script for sh.'),
        command: argumentsField
          .min(1)
          .optional()
          .describe('A program and its arguments, such as ["ls", "-la"].'),
        directory,
        seconds: secondsOf(parts),
      })
      .refine(({ script, command }) => (script === undefined) !== (command === undefined), {
        error: 'give either "script" or "command"',
      }),
    ...behaviour(parts),
    execute: async ({ script, command, ...rest }, context) => {
      const [program = 'sh', ...args] = command ?? ['sh', '-c', script ?? ''];
      return await run(parts, context, {
        template: 'general',
        command: { program, arguments: args, ...given(rest) },
      });
    },
  });
}

function pythonTool(parts: SandboxTools): DefinedTool {
  return defineTool({
    name: 'run_python',
    description: `Runs Python 3 code in the workspace of this conversation and gives what it prints. Each call is a new process: keep what is needed later in files. ${surroundings(parts)}`,
    input: codeInput(parts),
    ...behaviour(parts),
    execute: async ({ code, arguments: args = [], ...rest }, context) => {
      const command = { program: 'python3', arguments: ['-c', code, ...args], ...given(rest) };
      return await run(parts, context, { template: 'python', command });
    },
  });
}

function nodeTool(parts: SandboxTools): DefinedTool {
  return defineTool({
    name: 'run_node',
    description: `Runs JavaScript in Node ${process.versions.node.split('.')[0]} in the workspace of this conversation and gives what it prints; import and top-level await work. Each call is a new process: keep what is needed later in files. ${surroundings(parts)}`,
    input: codeInput(parts),
    ...behaviour(parts),
    execute: async ({ code, arguments: args = [], ...rest }, context) => {
      const command = { program: 'node', arguments: ['-e', code, '--', ...args], ...given(rest) };
      return await run(parts, context, { template: 'node', command });
    },
  });
}

function codeInput(parts: SandboxTools) {
  return z.strictObject({
    code: z.string().min(1).max(longestScript).describe('The program. Its output is what it prints.'),
    arguments: argumentsField.optional().describe('Its command line arguments.'),
    directory,
    seconds: secondsOf(parts),
  });
}

function secondsOf({ limits }: SandboxTools) {
  return z
    .number()
    .min(0.1)
    .max(limits.seconds)
    .optional()
    .describe(
      `Seconds after which it is ended; at most ${limits.seconds}, which is what it has without this.`,
    );
}

function surroundings({ confines, reachesOut }: SandboxTools): string {
  if (!confines) return 'It runs on the machine of the platform itself; a person is asked first.';
  return reachesOut
    ? 'Only some hosts can be reached, over HTTP.'
    : 'There is no network. Files in the workspace stay; everything else is gone when the command ends.';
}

/** What commands do to the world, and how long calls may take: those of one session wait for each other. */
function behaviour({ confines, reachesOut, limits }: SandboxTools): {
  annotations: Partial<ToolAnnotations>;
  timeoutSeconds: number;
} {
  return {
    annotations: confines
      ? {
          readOnly: false,
          destructive: false,
          idempotent: false,
          openWorld: reachesOut,
          confined: !reachesOut,
        }
      : { readOnly: false, destructive: true, idempotent: false, openWorld: true, privateData: true },
    timeoutSeconds: Math.min(86_400, 8 * limits.seconds + 30),
  };
}

/** Only what was given: absent and undefined are not the same. */
function given({
  directory: folder,
  seconds,
}: {
  directory?: string | undefined;
  seconds?: number | undefined;
}) {
  return {
    ...(folder === undefined ? {} : { directory: folder }),
    ...(seconds === undefined ? {} : { seconds }),
  };
}

async function run(
  { open, limits }: SandboxTools,
  context: ToolContext,
  { template, command }: { template: SandboxTemplate; command: SandboxCommand },
): Promise<MarkedOutput> {
  return await inTurn(context, async () => {
    const sandbox = await open(context, template);
    const output = new CommandOutput();
    const end = await sandbox.run(command, {
      output: (piece, stream) => {
        output.take(piece, stream);
        context.progress({ message: output.lastLine() });
      },
      signal: context.signal,
    });
    if (end.problem !== undefined) {
      const mend = '`batuta doctor` says how to mend that.';
      throw new BatutaError('sandbox-unavailable', { kind: template, reason: end.problem, mend });
    }
    const most = { ...limits, seconds: command.seconds ?? limits.seconds };
    return describeEnd(output, end, most);
  });
}
