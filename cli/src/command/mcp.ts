import { type CommandContext, exitCodes } from '../command-context.ts';
import { connectOrStart } from '../connection/connect.ts';
import { serveBridge } from '../mcp/bridge.ts';

/** `batuta mcp`: a tool server for one client, which speaks to it by pipes. Nothing but the protocol is written to standard output. */
export async function serveMcp(context: CommandContext): Promise<number> {
  const { io } = context;
  const connection = await connectOrStart(context);
  const { url, key, client } = connection;
  const ends = new AbortController();
  const off = io.onInterrupt(() => ends.abort());
  try {
    // A key that does not fit is told as an error of the command, not of the protocol.
    await client.whoAmI();
    const warn = (message: string) => void io.error.write(`${context.errorStyle.dim(message)}\n`);
    const serving = serveBridge({ url, key, input: io.input, output: io.output, warn });
    await Promise.race([serving, aborted(ends.signal)]);
  } finally {
    off();
    await connection.close();
  }
  return ends.signal.aborted ? exitCodes.interrupted : exitCodes.done;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
