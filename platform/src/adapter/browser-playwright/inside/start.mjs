// Starts the browser with the platform at the other end of its pipes. In a jail it passes connections to a loopback port on to the socket of
// the proxy outside: node start.mjs SOCKET PORT PROGRAM ARGUMENTS... Without one the first two are empty.
import { spawn } from 'node:child_process';
import { connect, createServer, Socket } from 'node:net';
import { makeWorkerWalls } from './worker-walls.mjs';

const [socketPath = '', port = '', program = '', ...rest] = process.argv.slice(2);
if (socketPath === '') startBrowser();
else listen(startBrowser);

function listen(ready) {
  const server = createServer((inside) => {
    const outside = connect(socketPath);
    inside.on('error', () => outside.destroy());
    outside.on('error', () => inside.destroy());
    inside.pipe(outside).pipe(inside);
  });
  server.listen(Number(port), '127.0.0.1', ready);
}

function startBrowser() {
  const child = spawn(program, rest, { stdio: ['inherit', 'inherit', 'inherit', 'pipe', 'pipe'] });
  child.once('error', () => process.exit(127));
  child.once('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 137));
  const [platform, answers] = [
    new Socket({ fd: 3, writable: false }),
    new Socket({ fd: 4, readable: false }),
  ];
  const [, , , commands, browser] = child.stdio;
  for (const end of [platform, answers, commands, browser]) end.on('error', () => undefined);
  const isForOthers = makeWorkerWalls((text) => commands.write(`${text}\0`));
  passOn(platform, commands, () => true);
  passOn(browser, answers, (message) => isForOthers(message.toString('utf8', 0, message.length - 1)));
}

/** Messages end with a zero byte; only whole ones are passed on, so that others can be put between them. */
function passOn(from, to, isForOthers) {
  let begun = [];
  from.on('data', (chunk) => {
    let start = 0;
    for (let end = chunk.indexOf(0); end !== -1; end = chunk.indexOf(0, start)) {
      const message = Buffer.concat([...begun, chunk.subarray(start, end + 1)]);
      begun = [];
      start = end + 1;
      if (isForOthers(message) && !to.write(message)) pause(from, to);
    }
    if (start < chunk.length) begun.push(chunk.subarray(start));
  });
  from.on('end', () => to.end());
}

function pause(from, to) {
  from.pause();
  to.once('drain', () => from.resume());
}
