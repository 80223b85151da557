// Shows the browser of a session, and hands on what a person does who has taken it over. Nothing of it is kept.
const { session, texts: textsAsJson } = document.body.dataset;
const texts = JSON.parse(textsAsJson);
const part = (id) => document.getElementById(id);
const [picture, status, address, pages, typing] = ['picture', 'status', 'address', 'pages', 'typing'].map(
  part,
);
const [take, give] = [part('take'), part('give')];
const betweenMovesMs = 50;
const longestRetryMs = 10_000;

let socket;
let state;
let retryMs = 500;

function connect() {
  const url = new URL(`/v1/sessions/${encodeURIComponent(session)}/browser/live`, location.href);
  url.protocol = url.protocol.replace('http', 'ws');
  let refusal;
  socket = new WebSocket(url);
  socket.binaryType = 'arraybuffer';
  socket.addEventListener('message', ({ data }) => {
    const message = typeof data === 'string' ? JSON.parse(data) : undefined;
    if (message === undefined) void paint(data);
    else if (message.type === 'state') show(message);
    else if (message.type === 'error') refusal = message.problem.detail;
  });
  socket.addEventListener('open', () => (retryMs = 500));
  socket.addEventListener('close', ({ code }) => void lost(code, refusal));
}

/** Tries again, unless that cannot help. */
async function lost(code, refusal) {
  state = undefined;
  showControls();
  const why = code === 1008 ? refusal : code === 1006 ? await findRefusal() : undefined;
  status.textContent = why ?? texts.connecting;
  if (why !== undefined) return;
  setTimeout(connect, retryMs);
  retryMs = Math.min(retryMs * 2, longestRetryMs);
}

/** A browser does not say why a WebSocket was refused: an ordinary request does. */
async function findRefusal() {
  try {
    const { status: code } = await fetch(`/v1/sessions/${encodeURIComponent(session)}`);
    if (code === 401) return texts.signIn;
    return code === 403 || code === 404 ? texts.unknown : undefined;
  } catch {
    return undefined;
  }
}

function send(message) {
  if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
}

let isPainting = false;
let next;
async function paint(data) {
  next = data;
  if (isPainting) return;
  isPainting = true;
  while (next) {
    const latest = new Blob([next], { type: 'image/jpeg' });
    next = undefined;
    const image = await createImageBitmap(latest).catch(() => undefined);
    if (image) draw(image);
  }
  isPainting = false;
}

function draw(image) {
  if (picture.width !== image.width || picture.height !== image.height)
    [picture.width, picture.height] = [image.width, image.height];
  picture.getContext('2d').drawImage(image, 0, 0);
  image.close();
}

function show(message) {
  const hadControl = acts();
  state = message;
  const open = state.window?.pages ?? [];
  address.value = open.find((page) => page.is_current)?.url ?? '';
  pages.replaceChildren(
    ...open.map(
      ({ page, title, url, is_current: isCurrent }) => new Option(title || url, page, isCurrent, isCurrent),
    ),
  );
  part('pages-label').hidden = open.length < 2;
  if (!state.window) picture.getContext('2d').clearRect(0, 0, picture.width, picture.height);
  status.textContent = sentence();
  showControls();
  if (acts() && !hadControl) picture.focus();
}

function sentence() {
  const { state: where, person, is_you: isYou, returned } = state.control;
  const named = (text) => text.replace('{person}', person ?? '');
  if (where === 'person-waits') return isYou ? texts.youWait : named(texts.otherWaits);
  if (where === 'person-acts') return isYou ? texts.youAct : named(texts.otherActs);
  if (where === 'person-away') return named(texts.otherAway);
  const why = returned ? texts.returned.replace('{reason}', texts[returned] ?? returned) : '';
  const rest = state.may_take_over ? '' : texts.mayNotAct;
  return [state.window ? texts.agentActs : texts.noWindow, why, rest].filter(Boolean).join(' ');
}

function acts() {
  return state?.control.state === 'person-acts' && state.control.is_you;
}

function showControls() {
  const isFree = state?.control.state === 'agent-acts' && state.window !== null && state.may_take_over;
  const isMine = state?.control.is_you === true && state.control.state !== 'agent-acts';
  take.hidden = isMine;
  take.disabled = !isFree;
  give.hidden = !isMine;
  pages.disabled = !acts();
  part('typing-bar').hidden = part('hint').hidden = !acts();
  document.body.classList.toggle('acting', acts());
}

take.addEventListener('click', () => send({ type: 'take_over' }));
give.addEventListener('click', () => send({ type: 'give_back' }));
pages.addEventListener('change', () => acts() && send({ type: 'page', page: Number(pages.value) }));

function placeOf({ clientX, clientY }) {
  const { left, top, width, height } = picture.getBoundingClientRect();
  const share = (value) => Math.min(1, Math.max(0, value));
  return { x: share((clientX - left) / width), y: share((clientY - top) / height) };
}

const buttons = ['left', 'middle', 'right'];
function mouse(action, event) {
  const clicks = Math.min(3, Math.max(1, event.detail || 1));
  send({ type: 'mouse', action, ...placeOf(event), button: buttons[event.button] ?? 'left', clicks });
}

picture.addEventListener('mousedown', (event) => {
  if (!acts()) return;
  event.preventDefault();
  picture.focus();
  mouse('down', event);
});
picture.addEventListener('mouseup', (event) => acts() && mouse('up', event));
picture.addEventListener('contextmenu', (event) => acts() && event.preventDefault());

let latestMove;
let isMoving = false;
picture.addEventListener('mousemove', (event) => {
  latestMove = event;
  if (isMoving || !acts()) return;
  isMoving = true;
  setTimeout(() => {
    isMoving = false;
    if (acts()) mouse('move', latestMove);
  }, betweenMovesMs);
});

let wheelX = 0;
let wheelY = 0;
let isWheeling = false;
function wheel(event, deltaX, deltaY) {
  wheelX += deltaX;
  wheelY += deltaY;
  if (isWheeling) return;
  isWheeling = true;
  const place = placeOf(event);
  setTimeout(() => {
    const bound = (value) => Math.min(5_000, Math.max(-5_000, value));
    send({ type: 'wheel', ...place, delta_x: bound(wheelX), delta_y: bound(wheelY) });
    wheelX = wheelY = 0;
    isWheeling = false;
  }, betweenMovesMs);
}

picture.addEventListener(
  'wheel',
  (event) => {
    if (!acts()) return;
    event.preventDefault();
    wheel(event, event.deltaX, event.deltaY);
  },
  { passive: false },
);

// A finger that moves scrolls the page; one that taps is a mouse by itself.
let finger;
picture.addEventListener('touchstart', ({ touches }) => (finger = touches[0]), { passive: true });
picture.addEventListener(
  'touchmove',
  (event) => {
    if (!acts() || !finger) return;
    event.preventDefault();
    const [now] = event.touches;
    const scale = picture.width / picture.getBoundingClientRect().width;
    wheel(now, (finger.clientX - now.clientX) * scale, (finger.clientY - now.clientY) * scale);
    finger = now;
  },
  { passive: false },
);

const modifiers = ['Alt', 'Control', 'Meta', 'Shift'];
function key(event) {
  if (!acts() || event.isComposing || isForThisPage(event)) return;
  const isText = event.key.length === 1 && !event.ctrlKey && !event.metaKey;
  if (isText && event.target === typing) return;
  event.preventDefault();
  const held = modifiers.filter((name) => event.getModifierState(name));
  send(isText ? { type: 'text', text: event.key } : { type: 'key', key: event.key.slice(0, 32), held });
}

/** Keys that mean nothing alone, what leaves the picture, and pasting, which comes as a text. */
function isForThisPage(event) {
  if (event.key === 'Escape' && event.shiftKey) give.focus();
  const isPaste = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'v';
  return (
    isPaste ||
    [...modifiers, 'Dead', 'Unidentified'].includes(event.key) ||
    (event.key === 'Escape' && event.shiftKey)
  );
}

picture.addEventListener('keydown', key);
document.addEventListener('paste', (event) => {
  if (!acts() || event.target === address) return;
  event.preventDefault();
  const text = event.clipboardData.getData('text').slice(0, 4_000);
  if (text !== '') send({ type: 'text', text });
});
typing.addEventListener('keydown', (event) => event.key !== 'Tab' && key(event));
typing.addEventListener('input', (event) => {
  if (event.isComposing) return;
  if (acts() && typing.value !== '') send({ type: 'text', text: typing.value.slice(0, 4_000) });
  typing.value = '';
});
typing.addEventListener('compositionend', () => typing.dispatchEvent(new InputEvent('input')));

connect();
