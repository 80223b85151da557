import { type CommandContext, exitCodes } from '../command-context.ts';
import { withClient } from '../connection/with-client.ts';
import { writeText } from '../terminal/io.ts';

/** `batuta browser watch <session>`: the address at which the browser of a session is seen and taken over. */
export async function watchBrowser(context: CommandContext, session: string): Promise<number> {
  const { io, options, say } = context;
  const url = await withClient(context, async (client) => {
    const { id } = await client.getSession(session);
    return client.browserPage(id);
  });
  await writeText(io.output, `${options.json ? JSON.stringify({ url }) : url}\n`);
  if (!options.json) io.error.write(`${context.errorStyle.dim(say('browser.signIn'))}\n`);
  return exitCodes.done;
}
