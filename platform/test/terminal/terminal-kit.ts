import { terminalOpenedSchema } from '@batuta/contract';
import type { BatutaClient } from '@batuta/sdk';
import type { RunningPlatform } from '../../src/platform.ts';
import { administratorKey, clientOf, TestProject } from '../project/test-project.ts';
import { SocketClient } from '../socket/socket-client.ts';

/** What a person at a terminal can do. */
export interface Sitting {
  client: SocketClient;
  /** Id of the terminal. */
  id: string;
  type: (text: string) => void;
  /** Ends when this can be read. */
  shows: (pattern: RegExp) => Promise<void>;
}

/** A platform with sessions and their terminals. */
export class TerminalHouse implements AsyncDisposable {
  readonly project: TestProject;
  readonly platform: RunningPlatform;
  readonly client: BatutaClient;
  readonly #sittings: SocketClient[] = [];

  private constructor(project: TestProject, platform: RunningPlatform) {
    this.project = project;
    this.platform = platform;
    this.client = clientOf(platform);
  }

  static async open(overrides: Readonly<Record<string, string>> = {}): Promise<TerminalHouse> {
    const project = new TestProject({ overrides });
    return new TerminalHouse(project, await project.start());
  }

  /** A new session, with a run that has ended. */
  async session(): Promise<string> {
    const run = await this.client.runs.create({ agent: 'assistant', input: 'Hello' });
    await this.client.runs.wait(run.id);
    return run.session_id;
  }

  /** Somebody with a key of their own. */
  async keyOf(
    role: 'administrator' | 'operator' | 'member' | 'viewer',
  ): Promise<{ id: string; key: string }> {
    const user = await this.client.users.create({ name: role, role });
    return await this.client.keys.create({ name: role, role, user_id: user.id });
  }

  /** Sits down. A refusal is thrown. */
  async sit(session: string, more: { key?: string; query?: string } = {}): Promise<Sitting> {
    const { key = administratorKey, query = '' } = more;
    const address = `${this.platform.url}/v1/sessions/${session}/terminal${query}`;
    const client = await SocketClient.open(address, { headers: { authorization: `Bearer ${key}` } });
    this.#sittings.push(client);
    await client.until(({ messages }) => messages.length > 0);
    return {
      client,
      id: terminalOpenedSchema.parse(client.messages[0]).terminal,
      type: (text) => client.socket.send(Buffer.from(text)),
      shows: (pattern) => client.until(({ text }) => pattern.test(text)),
    };
  }

  /** What the audit log has about terminals of a session, oldest first. */
  async recorded(session: string): Promise<object[]> {
    const { items } = await this.client.audit.list({ target: session, limit: 100 });
    return items.filter(({ action }) => action.startsWith('terminal-')).toReversed();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { socket } of this.#sittings) socket.terminate();
    await this.project[Symbol.asyncDispose]();
  }
}
