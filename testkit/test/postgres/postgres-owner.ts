/** A process that owns a server, prints its address, and ends without stopping it when its input closes. */
import { startPostgres } from '../../src/postgres/postgres-server.ts';

const { url, pid } = await startPostgres();
process.stdout.write(`${JSON.stringify({ url, pid })}\n`);
process.stdin.resume().once('end', () => process.exit());
