// The page of a terminal, in the browser: what is typed goes over a WebSocket, what is shown comes from it. A connection that breaks off is
// taken up again, as long as the terminal is there.
import { FitAddon } from './addon-fit.mjs';
import { Terminal } from './xterm.mjs';

const longestWaitMs = 10_000;
/** How much goes into one message. */
const pieceBytes = 32_768;
const { session, texts } = document.body.dataset;
const text = JSON.parse(texts);
const encoder = new TextEncoder();
const reasons = {
  exited: text.exited,
  closed: text.closed,
  abandoned: text.abandoned,
  idle: text.idle,
  limit: text.limit,
  'session-deleted': text.deleted,
  'access-ended': text.access,
  stopping: text.stopping,
};

allowStyles();
const terminal = new Terminal({
  cursorBlink: true,
  scrollback: 5000,
  fontFamily: 'ui-monospace, monospace',
  theme: { background: '#14161a' },
  // What a program names as a link is not to be believed.
  linkHandler: { activate: () => undefined },
});
const fit = new FitAddon();
terminal.loadAddon(fit);
terminal.open(element('terminal'));
fit.fit();
terminal.focus();

let socket;
let id;
let isOver = false;
let failures = 0;

terminal.onData((typed) => sendBytes(encoder.encode(typed)));
terminal.onBinary((typed) => sendBytes(Uint8Array.from(typed, (character) => character.charCodeAt(0))));
terminal.onResize(({ cols, rows }) => send({ type: 'resize', columns: cols, rows }));
terminal.attachCustomKeyEventHandler(handleKey);
new ResizeObserver(() => fit.fit()).observe(element('terminal'));
element('copy').addEventListener('click', () => void copy());
element('paste').addEventListener('click', () => void paste());
element('close').addEventListener('click', () => (isOver ? location.reload() : send({ type: 'close' })));
connect();

function connect() {
  const query = new URLSearchParams({ columns: terminal.cols, rows: terminal.rows });
  if (id) query.set('terminal', id);
  const address = `/v1/sessions/${session}/terminal?${query}`;
  const opened = new WebSocket(address, 'batuta.v1');
  socket = opened;
  opened.binaryType = 'arraybuffer';
  let isOpen = false;
  opened.addEventListener('open', () => (isOpen = true));
  opened.addEventListener('message', ({ data }) => {
    if (typeof data === 'string') hear(JSON.parse(data));
    else terminal.write(new Uint8Array(data));
  });
  opened.addEventListener('close', () => void (isOver || (isOpen ? comeBack() : askWhy(address))));
}

function hear(message) {
  if (message.type === 'opened') {
    failures = 0;
    // The screen comes again, from its beginning.
    if (message.resumed) terminal.reset();
    id = message.terminal;
    tell(message.resumed ? text.resumed : text.connected);
    send({ type: 'resize', columns: terminal.cols, rows: terminal.rows });
  }
  if (message.type === 'ended') {
    const reason = reasons[message.reason] ?? message.reason;
    finish(`${text.ended} ${reason.replace('{code}', message.exit_code).replace('{limit}', message.limit)}`);
  }
  if (
    message.type === 'error' &&
    message.problem.code !== 'server-stopping' &&
    message.problem.code !== 'socket-reader-slow'
  )
    finish(`${text.refused} ${message.problem.detail}`);
}

function comeBack() {
  tell(text.again);
  const waitMs = Math.min(longestWaitMs, 500 * 2 ** failures);
  failures += 1;
  setTimeout(connect, waitMs);
}

/** A browser does not tell why a connection was refused: an ordinary request is told. */
async function askWhy(address) {
  try {
    const answer = await fetch(address, { headers: { accept: 'application/json' } });
    const { code, detail } = await answer.json();
    const isRefused = answer.status < 500 && code !== 'upgrade-required' && code !== 'rate-limited';
    if (isRefused) return finish(`${text.refused} ${detail}`);
  } catch {
    // Nobody answers: the server may come back.
  }
  comeBack();
}

function finish(message) {
  isOver = true;
  tell(message);
  element('close').textContent = text.open;
  terminal.options.disableStdin = true;
  terminal.options.cursorBlink = false;
}

function send(message) {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
}

function sendBytes(bytes) {
  if (socket?.readyState !== WebSocket.OPEN) return;
  for (let at = 0; at < bytes.length; at += pieceBytes) socket.send(bytes.subarray(at, at + pieceBytes));
}

/** Ctrl+C interrupts and Ctrl+V is a key as in every terminal: with Shift they copy and paste. */
function handleKey(event) {
  if (event.type !== 'keydown' || !event.ctrlKey || !event.shiftKey) return true;
  if (event.code === 'KeyC') {
    event.preventDefault();
    void copy();
    return false;
  }
  // The browser's own paste follows.
  return event.code !== 'KeyV';
}

// The keys go to the terminal at once, not to the button that was pressed.
async function copy() {
  terminal.focus();
  await navigator.clipboard?.writeText(terminal.getSelection()).catch(() => undefined);
}

async function paste() {
  terminal.focus();
  const pasted = await navigator.clipboard?.readText().catch(() => '');
  if (pasted) terminal.paste(pasted);
}

function tell(message) {
  element('state').textContent = message;
}

function element(name) {
  return document.getElementById(name);
}

/** The terminal makes style sheets as it goes; only those that carry the number of this page count. */
function allowStyles() {
  const { nonce } = document.querySelector('script[nonce]');
  const create = document.createElement.bind(document);
  document.createElement = (name, ...rest) => {
    const made = create(name, ...rest);
    if (name === 'style') made.nonce = nonce;
    return made;
  };
}
