/** An API server in a process of its own: `server-process.ts <project folder>`. It tells its address when it is ready. */
import { startPlatform } from '../../src/composition/start-platform.ts';

const [, , projectFolder = ''] = process.argv;
const environment = process.env;
const overrides = { 'server.port': '0' };
const platform = await startPlatform({ projectFolder, role: 'api', log: 'silent', environment, overrides });
process.on('disconnect', () => process.exit(0));
process.send?.({ url: platform.url });
