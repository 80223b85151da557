import type { IncomingMessage } from 'node:http';
import { liveStateSchema, type JsonObject, type LiveState, type RunStatus } from '@batuta/contract';
import type { BatutaClient } from '@batuta/sdk';
import { startEmulator, text, toolCalls, type Emulator } from '@batuta/testkit';
import type { RunningPlatform } from '../../src/platform.ts';
import { administratorKey, clientOf, TestProject } from '../project/test-project.ts';
import { SocketClient } from '../socket/socket-client.ts';
import { listenLocally, type LocalServer } from './egress-kit.ts';

const surfer = `---
name: surfer
description: Browses.
tools: [browser_open, browser_observe, browser_act, browser_extract, browser_screenshot, browser_handover]
---
You browse.
`;

/** A call that the agent makes. */
export type Call = [tool: string, input: JsonObject];

/** What was sent to the site of the test. */
export interface Sent {
  method: string;
  path: string;
  body: string;
}

const pages: Readonly<Record<string, string>> = {
  '/': '<title>Counter</title><style>button{position:absolute;left:400px;top:300px;width:200px;height:100px}</style><h1>Counter</h1><button onclick="this.textContent=Number(this.textContent)+1">0</button>',
  '/moving':
    '<title>Moving</title><canvas width="1200" height="800"></canvas><script>const paint = document.querySelector("canvas").getContext("2d"); const any = (most) => Math.random() * most; setInterval(() => { for (let n = 0; n < 2000; n += 1) { paint.fillStyle = "hsl(" + any(360) + " 90% 50%)"; paint.fillRect(any(1200), any(800), 20, 20); } }, 50);</script>',
  '/other': '<title>Other</title><body style="background:#080"><h1>Other page</h1>',
  '/login':
    '<title>Sign in</title><form method="post" action="/login"><label>Code <input name="code" autofocus style="position:absolute;left:100px;top:100px;width:400px;height:50px"></label><input name="rest" aria-label="Rest"><button>Go</button></form>',
};

/** A platform, a model that does as it is told, and a site, to try live views with. */
export class LiveKit implements AsyncDisposable {
  readonly sent: Sent[] = [];
  readonly site: LocalServer;
  readonly emulator: Emulator;
  readonly platform: RunningPlatform;
  readonly client: BatutaClient;
  readonly #project: TestProject;
  readonly #sockets = new Set<SocketClient>();
  #calls: Call[] = [];
  #cookie: Promise<string> | undefined;

  private constructor(parts: {
    site: LocalServer;
    emulator: Emulator;
    project: TestProject;
    platform: RunningPlatform;
    sent: Sent[];
  }) {
    this.site = parts.site;
    this.emulator = parts.emulator;
    this.#project = parts.project;
    this.platform = parts.platform;
    this.sent = parts.sent;
    this.client = clientOf(parts.platform);
    this.emulator.script(() => {
      const call = this.#calls.shift();
      return call ? toolCalls([{ name: call[0], arguments: call[1] }]) : text('Done.');
    });
  }

  static async start(overrides: Readonly<Record<string, string>> = {}): Promise<LiveKit> {
    const sent: Sent[] = [];
    const site = await listenLocally((request, response) => {
      void bodyOf(request).then((body) => {
        const path = request.url ?? '/';
        if (request.method !== 'GET') sent.push({ method: request.method ?? '', path, body });
        const content = request.method === 'POST' ? `<h1>Welcome</h1><p>${body}</p>` : pages[path];
        response.setHeader('content-type', 'text/html').end(`<!doctype html>${content ?? 'nothing'}`);
      });
    });
    const emulator = await startEmulator();
    const project = new TestProject({
      environment: { OPENAI_API_KEY: 'test', OPENAI_BASE_URL: emulator.addresses.openai },
      overrides: {
        'model.default': 'openai/gpt-5.6',
        'browser.allow_private': new URL(site.url).host,
        ...overrides,
      },
      agents: { surfer },
    });
    const platform = await project.start();
    return new LiveKit({ site, emulator, project, platform, sent });
  }

  /** Starts a run in which the agent makes these calls; in a new session, where none is named. */
  async begin(calls: Call[], session?: string): Promise<{ id: string; session: string }> {
    this.#calls = [...calls];
    const body = { agent: 'surfer', input: 'Go on.', ...(session ? { session_id: session } : {}) };
    const { id, session_id: sessionId } = await this.client.runs.create(body);
    return { id, session: sessionId };
  }

  /** The same, to its end. Gives the session, and what the agent read last. */
  async run(calls: Call[], session?: string): Promise<{ session: string; status: RunStatus; read: string }> {
    const begun = await this.begin(calls, session);
    return { session: begun.session, ...(await this.end(begun.id)) };
  }

  async end(run: string): Promise<{ status: RunStatus; read: string }> {
    const { status } = await this.client.runs.wait(run);
    return { status, read: JSON.stringify(this.emulator.requests.at(-1)?.messages.at(-1)) };
  }

  /** Opens a page in the browser of a new session. */
  async open(path: string): Promise<string> {
    return (await this.run([['browser_open', { url: this.site.url + path }]])).session;
  }

  /** Signs a browser in, once for all. Gives the value of its cookie. */
  signIn(): Promise<string> {
    this.#cookie ??= fetch(this.platform.report.loginUrl ?? '', { redirect: 'manual' }).then(
      ({ headers }) => /batuta_session=([^;]+)/.exec(headers.get('set-cookie') ?? '')?.[1] ?? '',
    );
    return this.#cookie;
  }

  async watch(session: string, key = administratorKey): Promise<LiveClient> {
    const address = `${this.platform.url}/v1/sessions/${session}/browser/live`;
    const socket = await SocketClient.open(address, { headers: { authorization: `Bearer ${key}` } });
    this.#sockets.add(socket);
    return new LiveClient(socket);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { socket } of this.#sockets) socket.terminate();
    await this.#project[Symbol.asyncDispose]();
    await this.emulator.stop();
    await this.site.close();
  }
}

/** Somebody who watches over a WebSocket. */
export class LiveClient {
  readonly socket: SocketClient;
  frames = 0;
  latest: Buffer = Buffer.alloc(0);

  constructor(socket: SocketClient) {
    this.socket = socket;
    socket.socket.on('message', (data: Buffer, isBinary: boolean) => {
      if (!isBinary) return;
      this.frames += 1;
      this.latest = data;
    });
  }

  get state(): LiveState | undefined {
    const states = this.socket.messages.filter(({ type }) => type === 'state');
    return states.length === 0 ? undefined : liveStateSchema.parse(states.at(-1));
  }

  send(message: JsonObject): void {
    this.socket.send(message);
  }

  async until(isThere: (client: this) => boolean): Promise<void> {
    await this.socket.until(() => isThere(this));
  }

  /** Waits for control to be there. */
  async control(state: LiveState['control']['state']): Promise<void> {
    await this.until(() => this.state?.control.state === state);
  }

  async takeOver(): Promise<void> {
    await this.until(() => this.state?.window !== null && this.state !== undefined);
    this.send({ type: 'take_over' });
    await this.control('person-acts');
  }

  /** Clicks at a place of the page, in its own pixels. */
  click(x: number, y: number): void {
    for (const action of ['move', 'down', 'up'])
      this.send({ type: 'mouse', action, x: x / 1280, y: y / 900 });
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const piece of request.setEncoding('utf8')) body += String(piece);
  return body;
}
