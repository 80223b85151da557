import { type CommandContext, exitCodes } from '../command-context.ts';
import { writeText } from '../terminal/io.ts';
import { renderTable } from '../terminal/table.ts';

/** `batuta config`: the effective configuration. */
export async function config(context: CommandContext): Promise<number> {
  const { io, say, style } = context;
  const { settings } = await context.inspectConfiguration({
    projectFolder: context.projectFolder,
    environment: io.environment,
  });
  if (context.options.json) {
    await writeText(io.output, `${JSON.stringify({ settings }, null, 2)}\n`);
    return exitCodes.done;
  }
  const titles = [say('config.setting'), say('config.value'), say('config.source')];
  const rows = settings.map((setting) => [setting.name, setting.value, setting.source]);
  await writeText(io.output, renderTable({ titles, rows }, { columns: io.output.columns, style }));
  return exitCodes.done;
}
