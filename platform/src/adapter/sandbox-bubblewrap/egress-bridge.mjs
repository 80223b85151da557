// Runs inside of a sandbox: passes connections to a loopback port on to the socket of the proxy outside, and runs the command.
// node egress-bridge.mjs SOCKET PROGRAM ARGUMENTS...
import { spawn } from 'node:child_process';
import { connect, createServer } from 'node:net';

const [socketPath = '', program = '', ...rest] = process.argv.slice(2);
const server = createServer((inside) => {
  const outside = connect(socketPath);
  inside.on('error', () => outside.destroy());
  outside.on('error', () => inside.destroy());
  inside.pipe(outside).pipe(inside);
});
server.listen(3128, '127.0.0.1', () => {
  const child = spawn(program, rest, { stdio: 'inherit' });
  child.once('error', () => process.exit(127));
  child.once('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 137));
});
