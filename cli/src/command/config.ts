import { type CommandContext, exitCodes } from '../command-context.ts';
import { writeText } from '../terminal/io.ts';
import { safeLine } from '../terminal/safe-text.ts';
import { renderTable } from '../terminal/table.ts';

/** `batuta config`: the effective configuration. */
export async function config(context: CommandContext): Promise<number> {
  const { io, say, style } = context;
  const { settings, warnings } = await context.inspectConfiguration({
    projectFolder: context.projectFolder,
    environment: io.environment,
  });
  if (context.options.json) {
    await writeText(io.output, `${JSON.stringify({ settings, warnings }, null, 2)}\n`);
    return exitCodes.done;
  }
  const titles = [say('config.setting'), say('config.value'), say('config.source')];
  const rows = settings.map((setting) => [setting.name, setting.value, setting.source]);
  const marked = warnings.map((warning) => `${style.yellow('!')} ${safeLine(warning)}\n`);
  const table = renderTable({ titles, rows }, { columns: io.output.columns, style });
  // Below the table, which is longer than most screens.
  await writeText(io.output, [table, ...(marked.length > 0 ? ['\n'] : []), ...marked].join(''));
  return exitCodes.done;
}
