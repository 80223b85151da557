import { type CommandContext, exitCodes } from '../command-context.ts';
import { withClient } from '../connection/with-client.ts';
import { writeText } from '../terminal/io.ts';
import { renderTable } from '../terminal/table.ts';

/** `batuta agents list`: what the running platform has loaded. */
export async function listAgents(context: CommandContext): Promise<number> {
  const { io, say, style } = context;
  const agents = await withClient(context, (client) => client.listAgents());
  if (context.options.json) await writeText(io.output, `${JSON.stringify({ items: agents })}\n`);
  else if (agents.length === 0) await writeText(io.output, `${say('error.noAgents')}\n`);
  else {
    const titles = [say('table.name'), say('table.models'), say('table.tools'), say('table.description')];
    const rows = agents.map((agent) => [
      agent.name,
      agent.models.join(', '),
      agent.tools.join(', '),
      agent.description,
    ]);
    await writeText(io.output, renderTable({ titles, rows }, { columns: io.output.columns, style }));
  }
  return exitCodes.done;
}
