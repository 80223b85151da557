/**
 * A process with descriptors that its parent left open, perhaps of a user without rights, that runs scripts in a sandbox of its own and
 * prints what came of them as JSON: `node strange-process.ts FOLDER SCRIPT...`
 */
import { makeBubblewrapProvider } from '../../src/adapter/sandbox-bubblewrap/bubblewrap-sandbox.ts';
import { testLimits } from './open-sandbox.ts';

const [folder = '', ...scripts] = process.argv.slice(2);
const provider = makeBubblewrapProvider({ user: 2000, folders: [] });
const sandbox = provider.open({
  folder,
  template: 'general',
  limits: testLimits,
  network: { allowedHosts: [] },
});
const told = [];
for (const script of scripts) {
  let said = '';
  const output = (piece: Uint8Array): void => void (said += Buffer.from(piece).toString());
  told.push({ ...(await sandbox.run({ program: 'sh', arguments: ['-c', script] }, { output })), said });
}
const problems = await provider.check();
await provider.close();
process.stdout.write(JSON.stringify({ told, problems }));
