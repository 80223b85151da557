// Runs beside a program, inside of its sandbox, and gives it a terminal: so no terminal of the machine, and no descriptor of one, ever gets in.
// node pty-relay.mjs ADDON COLUMNS ROWS PROGRAM ARGUMENTS...
// Standard input: frames of a kind (one byte), a length (four bytes, big endian) and that many bytes. Kind 0 is typed, kind 1 is a new size
// (columns and rows, two bytes each). Standard output: what the program writes. When standard input ends, so does the program.
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Socket } from 'node:net';
import { ReadStream } from 'node:tty';

const headBytes = 5;
const lingerMs = 500;
/** More than this waits at whoever types. */
const mostTyped = 65_536;

const [addon = '', columns, rows, program = '', ...rest] = process.argv.slice(2);
const pty = createRequire(import.meta.url)(addon);
const environment = Object.entries(process.env).map(([name, value]) => `${name}=${value}`);
const size = [Number(columns), Number(rows)];
const nobody = [-1, -1];
const { fd, pid } = pty.fork(program, rest, environment, process.cwd(), ...size, ...nobody, true, '', ended);

const terminal = new ReadStream(fd);
const input = new Socket({ fd: 0, readable: true, writable: false });
// Not process.stdout: what it writes to a pipe blocks everything else, also the key that interrupts.
const output = new Socket({ fd: 1, readable: false, writable: true });
let left = Buffer.alloc(0);

terminal.on('data', (piece) => {
  if (output.write(piece)) return;
  terminal.pause();
  output.once('drain', () => terminal.resume());
});
// When the last process lets go of the terminal, reading from it is an error.
terminal.on('error', () => terminal.destroy());
output.on('error', hangUp);
input.on('error', hangUp);
input.on('end', hangUp);
input.on('data', (piece) => {
  left = left.length === 0 ? piece : Buffer.concat([left, piece]);
  while (left.length >= headBytes && left.length >= headBytes + left.readUInt32BE(1)) {
    const end = headBytes + left.readUInt32BE(1);
    take(left[0], left.subarray(headBytes, end));
    left = left.subarray(end);
  }
});

function take(kind, content) {
  if (terminal.destroyed) return;
  if (kind === 1) return pty.resize(fd, content.readUInt16BE(0), content.readUInt16BE(2));
  terminal.write(content);
  if (terminal.writableLength <= mostTyped || input.isPaused()) return;
  input.pause();
  terminal.once('drain', () => input.resume());
}

function ended(code, signal) {
  endSession();
  const leave = () => output.end(() => process.exit(signal ? 128 + signal : code));
  const timer = setTimeout(leave, lingerMs);
  const finish = () => {
    clearTimeout(timer);
    leave();
  };
  if (terminal.destroyed) finish();
  else terminal.once('close', finish);
}

/** Nobody is there any more. */
function hangUp() {
  endSession();
  process.exit(129);
}

/** All of the terminal's session ends. Inside of a sandbox the rest ends with this process. */
function endSession() {
  for (const id of sessionOf(pid)) {
    try {
      process.kill(id, 'SIGKILL');
    } catch {
      // It has ended.
    }
  }
}

function sessionOf(leader) {
  try {
    const processes = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    return processes.map(Number).filter((id) => id === leader || sessionIn(id) === leader);
  } catch {
    return [-leader];
  }
}

function sessionIn(id) {
  try {
    return Number(readFileSync(`/proc/${id}/stat`, 'utf8').split(') ').pop()?.split(' ')[3]);
  } catch {
    return 0;
  }
}
