/** A process that is connected to a tool server which ends for nothing but force, and says which processes there are then. */
import { readFileSync } from 'node:fs';
import { openSource, own } from './open-source.ts';

const source = await openSource(own('hostile-server.ts', '2025', 'stubborn'));
const childrenOf = (pid: number): number[] => {
  const listed = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  const children = listed === '' ? [] : listed.split(' ').map(Number);
  return children.flatMap((child) => [child, ...childrenOf(child)]);
};
const { state } = source.status();
process.stdout.write(`${JSON.stringify({ state, children: childrenOf(process.pid) })}\n`);
process.stdin.on('data', () => void source.close().then(() => process.stdout.write('closed\n')));
